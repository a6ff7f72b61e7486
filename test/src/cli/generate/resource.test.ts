import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { databaseUrls } from './databases.ts'
import { ScratchProject } from './scratch-project.ts'

const CUSTOMER = words('generate resource customer name:string email:email:unique notes:text?')
const PRODUCT = words(
  `generate resource product name:string price:decimal=0 state:enum(draft,on-sale)=draft customer:belongsTo weight:number?
  count:integer:index made:date? seen:datetime ref:uuid meta:json link:url ok:boolean=false`,
)
const ORDER_OF_CUSTOMER = words('g resource order code:string:unique total:decimal customer:belongsTo')
const ORDER = words('g resource order orderedAt:datetime products:hasMany customer:belongsTo?')

/** What resources may find; the last has everything. */
const SURROUNDINGS: readonly (readonly [string, readonly string[], string, string])[] = [
  ['knows its callers', ["import { TokensModule } from 'tenon/auth'"], 'TokensModule', '@Authenticated()'],
  ['has tenants', ["import { TenancyModule } from 'tenon/tenancy'"], 'TenancyModule', '@TenantScoped()'],
  [
    'has tenants, callers and policies',
    [
      "import { AccessModule } from 'tenon/access'",
      "import { AccountsModule } from 'tenon/auth'",
      "import { TenancyModule } from 'tenon/tenancy'",
    ],
    'AccessModule, AccountsModule, TenancyModule',
    "@Authorize(OrderPolicy, 'create')",
  ],
].slice(process.env['FULL'] ? 0 : -1) as never

describe('tenon generate resource', () => {
  it('writes resources that compile, lint, check, migrate and pass their tests as they are', async () => {
    const project = new ScratchProject('resource')
    await project.commit()
    for (const line of [CUSTOMER, PRODUCT, ORDER])
      expect(await project.tenon(...line)).toMatchObject({ code: 0, errors: '' })

    expect(await project.compile()).toEqual({ code: 0, output: '' })
    expect(JSON.parse((await project.tool(['check', '--json'])).output)).toMatchObject({ findings: [] })
    expect((await project.tool(['db', 'migrate'])).output).toMatch(/CreateCustomers[^]*CreateProducts[^]*CreateOrders/)
    expect((await project.tool(['db', 'drift'])).output).toBe('The database fits the entities.\n')
    expect((await project.tool(['db', 'rollback', '--steps', '3', '--force'])).code).toBe(0)
    expect((await project.tool(['db', 'migrate'])).code).toBe(0)
    const tests = await project.jest()
    expect(tests.output).toContain('15 passed, 15 total')
    expect(project.read('src/app-module.ts')).toContain(
      '  imports: [DataModule, CustomersModule, ProductsModule, OrdersModule], // the database\n',
    )
  })

  it('asks the policy where the application decides by tenon/access', async () => {
    const project = new ScratchProject('resource-access', {
      'src/app-module.ts': `import { Module } from 'tenon'
import { AccessModule } from 'tenon/access'
import { DataModule } from 'tenon/data'

@Module({ imports: [DataModule, AccessModule] })
export class AppModule {}
`,
    })
    await project.tenon('generate', 'resource', 'note', 'text:text')

    expect(await project.compile()).toEqual({ code: 0, output: '' })
    expect(JSON.parse((await project.tool(['check', '--json'])).output)).toMatchObject({ findings: [] })
    expect((await project.jest()).output).toContain('6 passed, 6 total')
  })

  it.each(SURROUNDINGS)('fits an application that %s', async (what, imports, modules, written) => {
    const project = new ScratchProject(`resource-${what.replaceAll(/\W+/g, '-')}`, {
      'src/app-module.ts': `import { Module } from 'tenon'
import { DataModule } from 'tenon/data'
${imports.join('\n')}

@Module({ imports: [DataModule, ${modules}] })
export class AppModule {}
`,
    })
    for (const line of [CUSTOMER, ORDER_OF_CUSTOMER, words('g controller reports')])
      expect(await project.tenon(...line)).toMatchObject({ code: 0, errors: '' })

    const hasTenants = modules.includes('Tenancy')
    const tests = hasTenants ? 15 : 13
    expect(project.read('src/orders/orders-controller.ts')).toContain(written)
    expect(await project.compile()).toEqual({ code: 0, output: '' })
    expect(JSON.parse((await project.tool(['check', '--json'])).output)).toMatchObject({ findings: [], notProved: [] })
    await using servers = new AsyncDisposableStack()
    for (const DATABASE_URL of await databaseUrls(servers)) {
      for (const line of ['migrate', 'drift', 'rollback --steps 2 --force', 'migrate', 'drift']) {
        const { code, output } = await project.tool(['db', ...line.split(' ')], { DATABASE_URL })
        expect(`${line}: ${code} ${code === 0 ? '' : output}`).toBe(`${line}: 0 `)
      }
      if (!hasTenants) continue
      const proof = await project.tool(['test', 'tenancy', '--database', DATABASE_URL.replace('data/', 'data/proof-')])
      expect(proof.output).toMatch(/ controls: 0 leaks, /)
    }
    expect((await project.tool(['test', '--no-build', 'orders', 'customers', 'reports'])).output).toContain(
      `${tests} passed, ${tests} total`,
    )
  })

  it('says what it would do, and does nothing', async () => {
    const project = new ScratchProject('dry-run')
    await project.commit()

    const { output } = await project.tenon(...CUSTOMER, '--dry-run', '--json')

    expect(JSON.parse(output)).toMatchObject({
      kind: 'resource',
      name: 'customer',
      dryRun: true,
      created: expect.arrayContaining([
        'src/customers/customer.ts',
        'src/customers/customers.test.ts'.replace('src', 'test'),
      ]),
      changed: ['src/app-module.ts'],
    })
    expect(await project.git('status', '--short')).toBe('')
  })

  it('overwrites nothing, unless told to', async () => {
    const project = new ScratchProject('overwrite')
    await project.tenon(...CUSTOMER)
    project.write('src/customers/customer.ts', '// mine\n')

    const refused = await project.tenon(...CUSTOMER)
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.errors).toContain('GENERATE_FILE_THERE')
    expect(project.read('src/customers/customer.ts')).toBe('// mine\n')

    expect(await project.tenon(...CUSTOMER, '--force')).toMatchObject({ code: 0 })
    expect(project.read('src/customers/customer.ts')).toContain('class Customer')
    expect(project.read('src/app-module.ts').match(/CustomersModule/g)).toHaveLength(2)
  })

  it.each([
    ['price:decmal', 'there is no type decmal; did you mean decimal?'],
    ['price', 'it is no name:type'],
    ['id:integer', 'every generated entity has id already'],
    ['class:string', 'class is a word of its own'],
    ['notes:text:unique', 'not every database has an index on text'],
    ['state:enum', 'an enum names its values'],
    ['state:enum(a,b)=c', 'the default is one of a, b'],
    ['n:integer=1.5', 'the default is no integer'],
    ['name:string:fast', 'there is no modifier fast'],
    [`name:string=it's`, 'without quotes'],
    ['name:string!', '! stands behind the type'],
  ])('refuses the field %s, and says why', async (field, reason) => {
    const project = new ScratchProject('refused')

    const { code, errors } = await project.tenon('generate', 'resource', 'thing', field)

    expect(code).toBe(2)
    expect(errors).toContain('GENERATE_FIELD_UNREADABLE')
    expect(errors).toContain(reason)
  })

  it('refuses relations that lead nowhere, and names that mean something else', async () => {
    const project = new ScratchProject('nowhere')

    expect((await project.tenon('g', 'resource', 'order', 'customer:belongsTo')).errors).toContain(
      'no source declares an entity Customer',
    )
    expect((await project.tenon('g', 'resource', '../x')).errors).toContain('GENERATE_NAME_UNUSABLE')
    expect((await project.tenon('g', 'resorce', 'x')).errors).toContain('Did you mean resource?')
    expect(existsSync(join(project.folder, 'src', 'orders'))).toBe(false)
  })

  it('says so when the module cannot be changed', async () => {
    const project = new ScratchProject('unfit', {
      'src/app-module.ts': `import { Module } from 'tenon'

const imports: never[] = []

@Module({ imports: imports })
export class AppModule {}
`,
    })

    const { errors } = await project.tenon(...CUSTOMER)

    expect(errors).toContain('GENERATE_SOURCE_UNFIT')
    expect(errors).toContain('src/app-module.ts cannot be changed: imports of AppModule is no list')
    expect(existsSync(join(project.folder, 'src', 'customers'))).toBe(false)
  })
})

describe('tenon destroy', () => {
  it('leaves the repository as it was, in whatever order', async () => {
    const project = new ScratchProject('destroy')
    await project.commit()
    await project.tenon(...CUSTOMER)
    await project.tenon('g', 'resource', 'tag', 'text:string')
    await project.tenon('g', 'entity', 'label', 'text:string')
    await project.tenon('g', 'interceptor', 'timing')

    for (const [kind, name] of [
      ['resource', 'customer'],
      ['entity', 'label'],
      ['interceptor', 'timing'],
      ['resource', 'Tags'],
    ]) {
      expect(await project.tenon('destroy', kind!, name!)).toMatchObject({ code: 0, errors: '' })
    }

    expect(await project.git('status', '--short', '--ignored')).toBe('!! node_modules/\n')
    expect((await project.tenon('destroy', '--json')).output).toContain('"generated": []')
  })

  it('undoes what a hasMany has written into the other entity', async () => {
    const project = new ScratchProject('destroy-many')
    await project.tenon(...CUSTOMER)
    await project.commit()
    await project.tenon('g', 'resource', 'shop', 'customers:hasMany')
    expect(project.read('src/customers/customer.ts')).toContain('shopId!: number | null')

    await project.tenon('destroy', 'resource', 'shop')

    expect(await project.git('status', '--short')).toBe('')
  })

  it('refuses what was changed since, what others use, and what it has not written', async () => {
    const project = new ScratchProject('destroy-refused')
    await project.tenon(...CUSTOMER)
    await project.tenon('g', 'resource', 'order', 'customer:belongsTo')

    expect((await project.tenon('destroy', 'resource', 'customer')).errors).toContain('GENERATE_STILL_NEEDED')
    project.write('src/orders/order.ts', `${project.read('src/orders/order.ts')}// mine\n`)
    expect((await project.tenon('destroy', 'resource', 'order')).errors).toContain(
      'Nothing was removed, for this was changed since: src/orders/order.ts.',
    )
    expect((await project.tenon('destroy', 'resource', 'ghost')).errors).toContain('GENERATE_NOT_RECORDED')
    expect((await project.tenon('destroy', 'resource', 'order', '--force')).code).toBe(0)
    expect(existsSync(join(project.folder, 'src', 'orders'))).toBe(false)
  })
})

function words(line: string): readonly string[] {
  return line.split(/\s+/)
}
