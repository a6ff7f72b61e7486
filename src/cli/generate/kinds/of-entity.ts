/** Parts of a resource by themselves: for fields that are given, or for an entity that is there. */
import { dirname, join } from 'node:path'

import type { Target } from '../fields/column.ts'
import { readFields } from '../fields/read-fields.ts'
import { TargetMissing } from '../generate-errors.ts'
import { importPath, type Layout } from '../layout.ts'
import { namesOf, type Names } from '../names.ts'
import { Imports } from '../print-import.ts'
import { ResourceFacts } from '../resource/facts.ts'
import { requestsPart } from '../resource/served-parts.ts'
import { entityPart, factoryPart, migrationPart } from '../resource/stored-parts.ts'
import { findClass, findEntity, fieldsOf } from '../source/find-entity.ts'
import type { Kind } from './kind.ts'
import { readName } from './read-name.ts'
import { nearestModule, register } from './register.ts'

export const entity: Kind = {
  description: 'An entity, its migration and its factory',
  example: 'tenon generate entity label text:string:unique',
  plan: ({ name, fields, layout, render }) => {
    const facts = new ResourceFacts(namesOf(readName(name)), readFields(fields).filter(noCollection), layout)
    const module = nearestModule(layout, join(layout.source, facts.names.files))
    const [file, migration] = [facts.file(facts.names.file), facts.file(`create-${facts.names.files}`)]
    return {
      kind: 'entity',
      name: facts.names.file,
      files: [entityPart, migrationPart, factoryPart].map((part) => part(facts, render)),
      edits: [
        ...register(layout, { module, list: 'entities', name: facts.names.type, file }),
        ...register(layout, { module, list: 'migrations', name: facts.migration, file: migration }),
      ],
    }
  },
}

export const dto: Kind = {
  description: 'What callers send to create and to change something',
  example: 'tenon generate dto sign-up email:email name:string?',
  plan: ({ name, fields, layout, render }) => {
    const read = readFields(fields)
    const choice = read.find(({ type }) => type === 'enum')
    const facts = new ResourceFacts(namesOf(readName(name)), read.filter(noCollection), layout)
    if (choice && !findEntity(layout, facts.names.type)) {
      throw new TargetMissing(choice.name, `its values stand beside the entity ${facts.names.type}, which is not there`)
    }
    return { kind: 'dto', name: facts.names.file, files: [requestsPart(facts, render)], edits: [] }
  },
}

export const repository: Kind = {
  description: 'The repository of an entity that is there',
  example: 'tenon generate repository label',
  plan: ({ name, layout, render }) => {
    const { names, target } = entityNamed(name, layout)
    const file = beside(target, `${names.file}-repository`)
    const imports = new Imports()
      .add('tenon/data', 'BaseRepository', 'Repository')
      .add(importPath(layout, file, target.file), target.type)
    const module = nearestModule(layout, dirname(file))
    return {
      kind: 'repository',
      name: names.file,
      files: [{ file, text: render('single/repository', { imports, target: target.type }) }],
      edits: register(layout, { module, list: 'providers', name: `${names.type}Repository`, file }),
    }
  },
}

export const policy: Kind = {
  description: 'Who may do what with an entity that is there; the application uses tenon/access',
  example: 'tenon generate policy label',
  plan: ({ name, layout, render }) => {
    const { names, target } = entityNamed(name, layout)
    const file = beside(target, `${names.file}-policy`)
    const imports = new Imports()
      .add('tenon/access', 'definePolicy', 'known')
      .add(importPath(layout, file, target.file), target.type)
    return {
      kind: 'policy',
      name: names.file,
      files: [{ file, text: render('resource/policy', { imports, names }) }],
      edits: [],
      note: `It decides where it is named: @Authorize(${names.type}Policy, 'read', { by: 'id' }).`,
    }
  },
}

export const factory: Kind = {
  description: 'A factory for an entity that is there, by the columns it declares',
  example: 'tenon generate factory label',
  plan: ({ name, layout, render }) => {
    const { names, target } = entityNamed(name, layout)
    const file = beside(target, `${names.file}-factory`)
    const found = findClass(layout, (node) => node.name?.text === target.type)!
    const imports = new Imports().add('tenon/data', 'factory').add(importPath(layout, file, target.file), target.type)
    return {
      kind: 'factory',
      name: names.file,
      files: [
        { file, text: render('single/factory', { imports, names, fields: fieldsOf(layout.syntax, found.node) }) },
      ],
      edits: [],
    }
  },
}

function entityNamed(name: string, layout: Layout): { readonly names: Names; readonly target: Target } {
  const names = namesOf(readName(name))
  const target = findEntity(layout, names.type)
  if (!target) throw new TargetMissing(name, `no source declares an entity ${names.type}`)
  return { names, target }
}

function beside(target: Target, name: string): string {
  return join(dirname(target.file), `${name}.ts`)
}

function noCollection({ type }: { readonly type: string }): boolean {
  return type !== 'hasMany'
}
