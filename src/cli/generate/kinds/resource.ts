/** Everything about one thing: table, rules, routes and tests, in a folder of its own. */
import { readFields } from '../fields/read-fields.ts'
import { importPath } from '../layout.ts'
import { namesOf } from '../names.ts'
import type { FileEdit, NewFile } from '../plan.ts'
import { ResourceFacts, type Collection } from '../resource/facts.ts'
import type { Part } from '../resource/part.ts'
import {
  controllerPart,
  modulePart,
  policyPart,
  queryPart,
  requestsPart,
  servicePart,
  viewPart,
} from '../resource/served-parts.ts'
import { entityPart, factoryPart, migrationPart, repositoryPart } from '../resource/stored-parts.ts'
import { testPart } from '../resource/test-part.ts'
import type { Render } from '../templates.ts'
import type { Kind } from './kind.ts'
import { readName } from './read-name.ts'
import { register, rootModule } from './register.ts'

export const resource: Kind = {
  description:
    'Entity, requests, view, query, repository, service, controller, migration, factory and tests, registered',
  example: 'tenon generate resource product name:string price:decimal customer:belongsTo',
  plan: ({ name, fields, layout, render }) => {
    const read = readFields(fields)
    // A thing without a column of its own could neither be created nor changed.
    const columns = read.every(({ type }) => type === 'hasMany') ? readFields(['name:string', ...fields]) : read
    const facts = new ResourceFacts(namesOf(readName(name)), columns, layout)
    const module = { name: `${facts.names.types}Module`, file: facts.file(`${facts.names.files}-module`) }
    return {
      kind: 'resource',
      name: facts.names.file,
      files: resourceFiles(facts, render),
      edits: [
        ...register(layout, { module: rootModule(layout), list: 'imports', ...module }),
        ...facts.collections.flatMap((each) => otherSide(facts, each)),
      ],
    }
  },
}

/** All that belongs to a resource but what makes the application know it. */
export function resourceFiles(facts: ResourceFacts, render: Render): readonly NewFile[] {
  const all: readonly Part[] = [
    entityPart,
    requestsPart,
    viewPart,
    queryPart,
    repositoryPart,
    ...(facts.layout.usesAccess ? [policyPart] : []),
    servicePart,
    controllerPart,
    migrationPart,
    factoryPart,
    modulePart,
    testPart,
  ]
  return all.map((part) => part(facts, render))
}

/** `hasMany` needs a column over there. */
function otherSide(facts: ResourceFacts, { target, field }: Collection): readonly FileEdit[] {
  const { names, layout } = facts
  const own = facts.file(names.file)
  const member = `  @Index()
  @Column({ type: 'integer', nullable: true })
  ${names.one}Id!: number | null

  @ManyToOne(() => ${names.type}, (${names.one}) => ${names.one}.${field.name})
  @JoinColumn({ name: '${names.one}Id' })
  readonly ${names.one}!: Relation<${names.type}> | null
`
  return [
    ...['Column', 'Index', 'JoinColumn', 'ManyToOne', 'type Relation'].map((name): FileEdit => ({
      file: target.file,
      edit: { kind: 'import', name, from: 'tenon/data' },
    })),
    { file: target.file, edit: { kind: 'import', name: names.type, from: importPath(layout, target.file, own) } },
    { file: target.file, edit: { kind: 'member', type: target.type, text: member } },
  ]
}
