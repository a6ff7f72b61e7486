/** Places of the enforcement, each with what takes the protection away there: of the compiled files, as they are loaded. */
export interface Mutation {
  /** Below `dist`. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** A second wall in the same file, taken away as well. */
  readonly and?: Omit<Mutation, 'file'>
}

const data = 'modules/data'
const rows = `${data}/owners/owned-rows.js`
const insert = `${data}/owners/owned-insert.js`
const builders = `${data}/filters/guarded-builders.js`
const tenancy = 'modules/tenancy'

export const MUTATIONS: readonly Mutation[] = [
  { file: `${data}/filters/filter-criteria.js`, find: 'if (owned)', replace: 'if (false)' },
  {
    file: rows,
    find: 'return owner === EVERYBODY ? undefined : { [column.propertyPath]: owner };',
    replace: 'return undefined;',
  },
  {
    file: rows,
    find: 'if (owner === undefined)\n            throw',
    replace: "if (owner === undefined) return 'prover-b';\n        if (false)\n            throw",
  },
  { file: rows, find: 'return actingOwner() ?? this.owners.owner();', replace: 'return EVERYBODY;' },
  { file: rows, find: 'column.setEntityValue(each, owner);', replace: ';' },
  { file: rows, find: 'if (String(named) !== owner)', replace: 'if (false)' },
  { file: rows, find: 'if (found < keys.length)', replace: 'if (false)' },
  {
    file: rows,
    find: 'if (keys.length === 0 || this.require(reference.target.name) === EVERYBODY)',
    replace: 'if (true)',
  },
  { file: rows, find: 'if (owner !== EVERYBODY && named !== undefined)', replace: 'if (false)' },
  { file: rows, find: 'if (!parameters?.some((each) => String(each) === owner))', replace: 'if (false)' },
  { file: rows, find: 'if (owner === EVERYBODY || !own || !referenced || others.length > 0)', replace: 'if (true)' },
  { file: rows, find: 'return column ? [[metadata.tableName.toLowerCase(), table]] : [];', replace: 'return [];' },
  { file: rows, find: "const property = typeof target === 'function' ?", replace: 'const property = false ?' },
  { file: builders, find: "and([join.condition ?? '', ...filters])", replace: "(join.condition ?? '')" },
  {
    file: builders,
    find: 'return new GuardedRelation(super.relation(...args));',
    replace: 'return super.relation(...args);',
  },
  { file: builders, find: 'return new GuardedInsert(super.insert());', replace: 'return super.insert();' },
  {
    file: builders,
    find: 'return new GuardedUpdate(super.update(...args));',
    replace: 'return super.update(...args);',
  },
  { file: builders, find: 'return new GuardedDelete(super.delete());', replace: 'return super.delete();' },
  { file: builders, find: 'return new GuardedSoftDelete(super.softDelete());', replace: 'return super.softDelete();' },
  { file: builders, find: 'return new GuardedSoftDelete(super.restore());', replace: 'return super.restore();' },
  { file: builders, find: 'await rows?.requireReferences(', replace: 'void (' },
  { file: builders, find: 'await this.#owned?.prepare(this.queryRunner);', replace: '' },
  { file: builders, find: 'owned?.fill();', replace: '' },
  {
    file: builders,
    find: 'OwnedRows.of(this.dataSource)?.requireUnmoved(mainAlias.metadata, expressionMap.valuesSet);',
    replace: '',
  },
  { file: builders, find: 'if (this.#origin)\n', replace: 'if (false)\n' },
  {
    file: 'modules/data/filters/filtered-statement.js',
    find: 'expressionMap.extraAppendedAndWhereCondition = and([own, ...filters]);',
    replace: 'expressionMap.extraAppendedAndWhereCondition = and([own]);',
  },
  {
    file: builders,
    find: 'const filters = conditionsOn(builder, join.metadata, join.alias.name);',
    replace: 'const filters = [];',
  },
  { file: insert, find: 'await this.#rows.requireReferences(this.#metadata, values, runner);', replace: '' },
  {
    file: insert,
    find: 'if (taken > 0)',
    replace: 'if (false)',
    and: { find: 'if (!column || !onUpdate ||', replace: 'if (true || !column || !onUpdate ||' },
  },
  { file: insert, find: 'this.#rows.fill(this.#metadata, this.#values);', replace: '' },
  { file: insert, find: 'onUpdate.conflict = [...conflict, column.databaseName];', replace: '' },
  {
    file: `${data}/owners/guard-runners.js`,
    find: 'query: async (...args) => {\n            rows.requireOwned(args[0], args[1]);',
    replace: 'query: async (...args) => {',
  },
  { file: `${data}/owners/references.js`, find: 'return target && isOwned(target) ?', replace: 'return false ?' },
  { file: `${data}/owners/references.js`, find: 'metadata.isJunction\n', replace: 'false\n' },
  { file: `${data}/owners/acting-owner.js`, find: 'return ACTING.run(OWNER_MARK, work);', replace: 'return work();' },
  {
    file: `${data}/reads/entity-reads.js`,
    find: 'const owner = owned?.owner;',
    replace: "const owner = owned && 'prover-b';",
  },
  {
    file: `${data}/reads/read-plan.js`,
    find: 'isForEverybody(manager) ? forEverybody : forOwnerMark',
    replace: 'forEverybody',
  },
  { file: `${data}/create-data-source.js`, find: 'guardQueries(source);', replace: '' },
  { file: `${data}/create-data-source.js`, find: 'if (!owners)', replace: 'if (true)' },
  {
    file: `${tenancy}/confirm-tenant-interceptor.js`,
    find: 'if (own !== undefined && proposed !== undefined && own !== proposed)',
    replace: 'if (false)',
  },
  {
    file: `${tenancy}/tenant-rows.js`,
    find: 'return actingTenant() === EVERY_TENANT ? EVERYBODY : currentTenant();',
    replace: 'return EVERYBODY;',
  },
  {
    file: `${tenancy}/tenant-rows.js`,
    find: 'return TENANT_SCOPED.read(entity)?.property;',
    replace: "return entity.name === 'Ticket' ? undefined : TENANT_SCOPED.read(entity)?.property;",
  },
  {
    file: 'src/pipeline/context.js',
    find: 'return AMBIENT.getStore()?.state.tenant;',
    replace: "return AMBIENT.getStore()?.state.tenant && 'prover-b';",
  },
]
