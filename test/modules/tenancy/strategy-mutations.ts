/**
 * Places of the enforcement where each tenant has a schema or a database, each with what takes the protection away there.
 * Not among them, because nothing comes of them alone: comparing what a connection answers with what it was told (a server
 * that does not do as it is told cannot be had); remembering what was told within a part of a transaction that is taken back
 * (what takes it back is told first); counting and opening for a call who uses a database (one that is closed answers
 * nobody); asking for the file of a database (an empty one is made, with nobody's rows); the connection of a prepared read
 * (plans are kept for each database, twice).
 */
import type { Mutation } from './mutations.ts'

const owners = 'modules/data/owners'
const rows = 'modules/tenancy/tenant-rows.js'
const settings = `${owners}/connection-settings.js`
const databases = `${owners}/owner-databases.js`
const unitOfWork = 'modules/data/unit-of-work.js'
const crossing = 'modules/tenancy/crossing.js'

/** On PostgreSQL. */
export const SCHEMA_MUTATIONS: readonly Mutation[] = [
  { file: settings, find: 'await this.#tell(client, this.#current, false);', replace: '' },
  { file: settings, find: 'if (told?.what === print(wanted) && !told.mayBeTakenBack)', replace: 'if (told)' },
  { file: settings, find: 'if (told?.what === print(wanted) && !told.mayBeTakenBack)', replace: 'if (true)' },
  {
    file: settings,
    find: 'doubt(connection) {',
    replace: 'doubt(connection) {\n        return;',
  },
  { file: settings, find: '...owners.connectionSettings()', replace: '' },
  { file: settings, find: 'settings.#watch(source);', replace: '' },
  { file: `${owners}/guard-runners.js`, find: 'await settings.keep(connection);', replace: '' },
  {
    file: `${owners}/guard-runners.js`,
    find: 'if (rows.mayChangeSettings(args[0]))',
    replace: 'if (false)',
  },
  { file: `${owners}/statement-tables.js`, find: 'CHANGES_SETTINGS.test(sql)', replace: 'false' },
  {
    file: 'modules/data/reads/read-rows.js',
    find: 'await ConnectionSettings.of(dataSource)?.keep(client);',
    replace: '',
  },
  { file: 'modules/data/create-data-source.js', find: 'ConnectionSettings.attach(source, rows)', replace: 'undefined' },
  {
    file: 'modules/data/query/related-rows.js',
    find: 'each.call === asker.call && each.tenant === asker.tenant',
    replace: 'true',
  },
  { file: rows, find: 'return `"${schemaPrefix}${tenant}"`', replace: 'return `"${schemaPrefix}prover-b"`' },
  { file: rows, find: ', pg_temp`', replace: '`' },
  { file: rows, find: "if (this.#config.strategy !== 'schema')", replace: 'if (true)' },
  {
    file: rows,
    find: "return { search_path: `${tenant === undefined ? '' :",
    replace: "return { search_path: `${tenant !== 'prover-b' ? '' :",
  },
  {
    file: rows,
    find: "return { search_path: `${tenant === undefined ? '' :",
    replace: 'return { search_path: `${tenant === undefined ? \'"tenant_prover-b", \' :',
  },
  { file: rows, find: "return this.#config.strategy !== 'shared' &&", replace: 'return false &&' },
  {
    file: rows,
    find: 'const tenant = currentTenant();',
    replace: "const tenant = currentTenant() && 'prover-b';",
  },
  {
    file: `${owners}/migrate-apart.js`,
    find: 'return forEverybody(() => runPending(',
    replace: 'return ((..._) => [])((',
  },
  {
    file: 'modules/tenancy/lifecycle/tenants.js',
    find: 'return runAsTenant(tenant, () => this.#migrations.runApart());',
    replace: 'return this.#migrations.runApart();',
  },
  { file: crossing, find: 'if (!isAllowed)', replace: 'if (false)' },
  { file: crossing, find: 'return withDatabaseOf(tenant, () => actAs(tenant, work));', replace: 'return work();' },
  {
    file: 'modules/tenancy/confirm-tenant-interceptor.js',
    find: 'if (own !== undefined && proposed !== undefined && own !== proposed)',
    replace: 'if (false)',
  },
  {
    file: 'modules/tenancy/confirm-tenant-interceptor.js',
    find: "const tenant = proposed ?? (this.#config.from.includes('caller') ? own : undefined);",
    replace: "const tenant = 'prover-b';",
  },
  {
    file: 'src/pipeline/acting-tenant.js',
    find: 'return ACTING.run(tenant, work);',
    replace: 'return work();',
  },
]

/** On SQLite. */
export const DATABASE_MUTATIONS: readonly Mutation[] = [
  {
    file: rows,
    find: 'const nameOf = (tenant) => `${schemaPrefix}${tenant}`;',
    replace: "const nameOf = () => 'one';",
  },
  {
    file: rows,
    find: 'const nameOf = (tenant) => `${schemaPrefix}${tenant}`;',
    replace: "const nameOf = (tenant) => (tenant === 'prover-a' ? 'tenant_prover-b' : 'tenant_prover-a');",
  },
  { file: rows, find: "this.databases = strategy === 'database' ?", replace: 'this.databases = false ?' },
  { file: `${owners}/owner-target.js`, find: '`${path}_${name}${extension}`', replace: '`${path}${extension}`' },
  {
    file: `${owners}/owner-target.js`,
    find: '`${path}_${name}${extension}`',
    replace: '`${path}_${name.slice(0, 13)}${extension}`',
  },
  {
    file: databases,
    find: 'const opened = this.#opened.get(owner);\n        if (!opened)',
    replace: 'const opened = [...this.#opened.values()][0];\n        if (!opened)',
  },
  {
    file: databases,
    find: 'const opened = this.#opened.get(owner);\n        if (!opened)',
    replace: 'const opened = [...this.#opened.values()].at(-1);\n        if (!opened)',
  },
  {
    file: databases,
    find: 'this.#opened.get(owner) ?? (await this.#open(owner))',
    replace: '[...this.#opened.values()][0] ?? (await this.#open(owner))',
  },
  { file: databases, find: 'await this.#options.open(owner)', replace: "await this.#options.open('prover-b')" },
  {
    file: databases,
    find: 'const known = this.#opening.get(owner);',
    replace: 'const known = [...this.#opening.values()][0];',
  },
  {
    file: databases,
    // Where one is opened, the same would be put right by this line at once, were both opened together.
    find: 'this.#opened.delete(owner);\n        this.#opened.set(owner, opened);',
    replace: "this.#opened.delete(owner);\n        this.#opened.set('prover-b', opened);",
  },
  {
    file: 'modules/data/database.js',
    find: "return typeof owner === 'string' ? this.#ownerDatabases.sourceOf(owner) : this.source;",
    replace: 'return this.source;',
  },
  {
    file: 'modules/data/database.js',
    find: "return typeof owner === 'string' ? this.#ownerDatabases.sourceOf(owner) : this.source;",
    replace: "return typeof owner === 'string' ? (this.first ??= this.#ownerDatabases.sourceOf(owner)) : this.source;",
  },
  {
    file: `${owners}/owner-sources.js`,
    find: 'targetOf(this.#options.target(), this.#options.databases.nameOf(owner))',
    replace: "targetOf(this.#options.target(), 'one')",
  },
  {
    file: `${owners}/owner-sources.js`,
    find: 'const target = this.#targetOf(owner);\n        requireFile(target, owner);',
    replace: "const target = this.#targetOf('prover-b');\n        requireFile(target, owner);",
  },
  {
    file: unitOfWork,
    find: 'return this.#isShared ? this.#database.source : this.#database.current;',
    replace: 'return this.#database.source;',
  },
  {
    file: unitOfWork,
    find: 'return this.#isShared ? this.#database.source : this.#database.current;',
    replace: 'return this.#isShared ? this.#database.source : (this.first ??= this.#database.current);',
  },
  {
    file: unitOfWork,
    find: 'if (this.#database.holding(entity) === this.#database.current)',
    replace: 'if (true)',
  },
  {
    file: 'modules/data/transactions/current-scope.js',
    find: 'while (frame && source && frame.scope.transaction.source !== source)',
    replace: 'while (false)',
  },
  { file: 'modules/tenancy/tenant-databases.js', find: 'each.take(tenant)', replace: "each.take('prover-b')" },
  { file: 'modules/tenancy/tenant-databases.js', find: 'if (OPEN.size === 0)', replace: 'if (true)' },
  { file: crossing, find: 'if (!isAllowed)', replace: 'if (false)' },
  { file: crossing, find: 'return withDatabaseOf(tenant, () => actAs(tenant, work));', replace: 'return work();' },
  {
    file: 'modules/tenancy/confirm-tenant-interceptor.js',
    find: "const tenant = proposed ?? (this.#config.from.includes('caller') ? own : undefined);",
    replace: "const tenant = 'prover-b';",
  },
  {
    file: `${owners}/owned-rows.js`,
    find: 'if (String(named) !== owner)',
    replace: 'if (false)',
  },
]
