import { expectTypeOf } from 'expect-type'
import { IsNull, LessThan, MoreThan, Not, Query } from 'tenon/data'

import { Article, Articles, Author, Authors, readable } from './articles.ts'
import { onEveryDatabase } from './on-every-database.ts'
import { openData, type OpenData } from './open-data.ts'

const titles = (articles: readonly Article[]) => articles.map(({ title }) => title)

onEveryDatabase('Queries', ({ kind, create }) => {
  let database: Awaited<ReturnType<typeof create>>
  let data: OpenData
  let articles: Articles
  let authors: Authors

  beforeAll(async () => {
    database = await create()
    data = await openData({ url: database.url, entities: [Article, Author] })
    articles = new Articles(data.unitOfWork)
    authors = new Authors(data.unitOfWork)
  })

  beforeEach(async () => {
    readable.states = undefined
    const { manager } = data.unitOfWork
    await manager.query('DELETE FROM article')
    await manager.query('DELETE FROM author')
  })

  afterAll(async () => {
    await data[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const write = (...names: readonly string[]) =>
    articles.insertMany(names.map((title, index) => ({ title, rank: index % 3 })))

  describe('word by word', () => {
    it('are awaited, and every word leaves the query before it as it is', async () => {
      await write('a', 'b', 'c', 'd')
      const low = articles.where({ rank: LessThan(2) }).orderBy({ title: 'DESC' })

      expect(titles(await low)).toEqual(['d', 'b', 'a'])
      expect(titles(await low.limit(1).offset(1))).toEqual(['b'])
      expect(titles(await low.where({ title: Not('d') }).where({ title: MoreThan('a') }))).toEqual(['b'])
      expect(titles(await low.where([{ title: 'a' }, { title: 'd' }]).where([{ rank: 0 }, { rank: 9 }]))).toEqual([
        'd',
        'a',
      ])
      expect(await low.count()).toBe(3)
      expect(await low.exists()).toBe(true)
      expect(await low.where({ title: 'x' }).exists()).toBe(false)
      expect((await low.first())?.title).toBe('d')
      expect(await low.where({ title: 'x' }).first()).toBeNull()
      await expect(low.where({ title: 'x' }).firstOrFail()).rejects.toMatchObject({ code: 'DATA_ENTITY_NOT_FOUND' })
      expect(await low.paginate({ page: 2, size: 2 })).toMatchObject({ items: [{ title: 'a' }], total: 3, pages: 2 })
    })

    it('load relations and find by them', async () => {
      const author = await authors.insert({ name: 'Ann' })
      await articles.insert({ title: 'a', author })
      await write('b')

      const found = await articles.where({ author: { name: 'Ann' } }).with({ author: true })

      expect(found).toMatchObject([{ title: 'a', author: { name: 'Ann' } }])
    })

    it('are iterated without losing rows when others come and go', async () => {
      await write(...Array.from({ length: 230 }, (_, index) => `t${String(index).padStart(3, '0')}`))
      const seen: string[] = []
      for await (const { id, title } of articles.query().orderBy({ rank: 'ASC' })) {
        seen.push(title)
        await articles.delete(id)
      }

      expect(new Set(seen).size).toBe(230)
      expect(await articles.count()).toBe(0)
      await write('a', 'b', 'c')
      const limited: string[] = []
      for await (const { title } of articles.query().orderBy({ title: 'ASC' }).offset(1).limit(1)) limited.push(title)
      expect(limited).toEqual(['b'])
    })

    it('change and delete the rows that fit, and no less than some', async () => {
      await write('a', 'b', 'c', 'd')

      expect(await articles.where({ rank: 0 }).update({ note: 'x' })).toBe(2)
      expect(await articles.where({ note: 'x' }).where({ title: 'a' }).delete()).toBe(1)
      for (const all of [articles.query(), articles.where({})]) {
        await expect(async () => all.delete()).rejects.toMatchObject({ code: expect.stringMatching(/^DATA_CRITERIA_/) })
        await expect(async () => all.update({ rank: 1 })).rejects.toMatchObject({
          code: expect.stringMatching(/^DATA_CRITERIA_/),
        })
      }
      expect(await articles.count()).toBe(3)
    })

    it('know the entity: what it does not have is a compile error', () => {
      const misuse = () => [
        // @ts-expect-error a misspelled column
        articles.where({ titel: 'a' }),
        // @ts-expect-error an operand of another type
        articles.where({ rank: 'a' }),
        // @ts-expect-error a misspelled column
        articles.query().orderBy({ titel: 'ASC' }),
        // @ts-expect-error a relation that is none
        articles.query().with({ title: true }),
      ]

      expectTypeOf(articles.where({ rank: 1 })).toEqualTypeOf<Query<Article>>()
      expectTypeOf<Awaited<Query<Article>>>().toEqualTypeOf<Article[]>()
      expect(misuse).toBeInstanceOf(Function)
    })
  })

  describe('by cursor', () => {
    it.each(['ASC', 'DESC'] as const)('give every row once, whatever it is ordered by (%s)', async (direction) => {
      await write(...'gfedcba')
      for (const order of [{ rank: direction }, { createdAt: direction }, { title: direction, rank: 'ASC' as const }]) {
        const query = articles.query().orderBy(order)
        const seen: string[] = []
        let after: string | undefined
        do {
          const page = await query.paginateByCursor(after === undefined ? { size: 2 } : { size: 2, after })
          expect(page.items.length).toBeGreaterThan(0)
          seen.push(...titles(page.items))
          after = page.next ?? undefined
        } while (after !== undefined)

        expect(seen).toEqual(titles(await query.orderBy({ id: 'ASC' })))
      }
    })

    it('neither skip nor repeat rows while others are written', async () => {
      await write('b', 'd', 'f')
      const query = articles.query().orderBy({ title: 'ASC' })
      const first = await query.paginateByCursor({ size: 2 })
      await write('a', 'c', 'e')

      const second = await query.paginateByCursor({ size: 9, after: String(first.next) })

      expect(titles(second.items)).toEqual(['e', 'f'])
      expect(second.next).toBeNull()
    })

    it('refuse cursors that were made up, changed, or given by another list', async () => {
      await write('a', 'b', 'c')
      const query = articles.query().orderBy({ title: 'ASC' })
      const { next } = await query.paginateByCursor({ size: 1 })
      const [text = '', signature = ''] = String(next).split('.')
      const forged = Buffer.from(JSON.stringify(["' OR 1=1 --", 0])).toString('base64url')

      for (const after of ['', 'x', `${forged}.${signature}`, `${text}.`, `${text}.AAAA`, "'; DROP TABLE article"]) {
        await expect(query.paginateByCursor({ after })).rejects.toMatchObject({
          code: 'DATA_CURSOR_INVALID',
          status: 400,
        })
      }
      await expect(articles.query().paginateByCursor({ after: String(next) })).rejects.toMatchObject({
        code: 'DATA_CURSOR_INVALID',
      })
      await expect(query.paginateByCursor({ size: 51 })).rejects.toMatchObject({ code: 'DATA_PAGE_TOO_LARGE' })
      await expect(articles.query().orderBy({ note: 'ASC' }).paginateByCursor()).rejects.toMatchObject({
        code: 'DATA_CURSOR_ORDER_NULLABLE',
      })
    })
  })

  describe('that write', () => {
    it('insert many rows, all or none', async () => {
      await authors.insertMany(Array.from({ length: 3000 }, (_, index) => ({ name: `a${index}` })))
      await expect(authors.insertMany([{ name: 'new' }, { name: 'a7' }])).rejects.toMatchObject({
        code: 'DATA_DUPLICATE_ROW',
      })

      expect(await authors.count()).toBe(3000)
      expect(await authors.insertMany([])).toEqual([])
    })

    it('insert or change rows by what makes them unique', async () => {
      await authors.insert({ name: 'Ann', score: 1 })

      await authors.upsert(
        [
          { name: 'Ann', score: 2 },
          { name: 'Ben', score: 3 },
        ],
        ['name'],
      )

      const found = await authors.query().orderBy({ name: 'ASC' })
      expect(found.map(({ name, score }) => `${name} ${score}`)).toEqual(['Ann 2', 'Ben 3'])
    })

    it('answer 409 with the current version to whoever read an older one', async () => {
      const { id } = await articles.insert({ title: 'a' })
      const mine = await articles.findOrFail(id)
      const theirs = await articles.findOrFail(id)
      await articles.save(Object.assign(theirs, { title: 'theirs' }))
      const conflict = {
        code: 'DATA_VERSION_CONFLICT',
        status: 409,
        message: 'The Article has been changed since it was read: version 2 now, not 1.',
        errors: [{ pointer: '#/version', code: 'current', detail: '2' }],
      }

      await expect(articles.save(Object.assign(mine, { title: 'mine' }))).rejects.toMatchObject(conflict)
      await expect(articles.updateVersion(id, 1, { title: 'mine' })).rejects.toMatchObject(conflict)
      expect(await articles.updateVersion(id, 2, { title: 'again' })).toMatchObject({ title: 'again', version: 3 })
      await expect(articles.updateVersion(99_999_999, 1, { title: 'x' })).rejects.toMatchObject({
        code: 'DATA_ENTITY_NOT_FOUND',
      })
      const author = await authors.insert({ name: 'Ann' })
      await expect(authors.updateVersion(author.id, 1, { name: 'x' })).rejects.toMatchObject({
        code: 'DATA_ENTITY_UNVERSIONED',
      })
    })

    it('tell the current version also inside of a transaction that has read an older one', async () => {
      const { id } = await articles.insert({ title: 'a' })
      await data.unitOfWork.transaction(async () => {
        await articles.findOrFail(id)
        // SQLite has one writer: there, nobody but this transaction changes the row meanwhile.
        const propagation = kind === 'sqlite' ? 'required' : 'requires-new'
        await data.unitOfWork.transaction(() => articles.updateVersion(id, 1, { title: 'theirs' }), { propagation })

        const mine = () => articles.updateVersion(id, 1, { title: 'mine' })
        await expect(data.unitOfWork.transaction(mine, { propagation: 'nested' })).rejects.toMatchObject({
          errors: [{ detail: '2' }],
        })
      })
    })

    it('let one of many win who change the same version at once', async () => {
      const { id } = await articles.insert({ title: '0' })

      const outcomes = await Promise.allSettled(
        Array.from({ length: 6 }, (_, index) => articles.updateVersion(id, 1, { title: String(index) })),
      )

      const won = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []))
      expect(won).toHaveLength(1)
      expect(await articles.findOrFail(id)).toMatchObject({ title: String(won[0]), version: 2 })
    })
  })

  describe('with filters', () => {
    beforeEach(async () => {
      const ann = await authors.insert({ name: 'Ann' })
      const ben = await authors.insert({ name: 'Ben' })
      await articles.insertMany([
        { title: 'seen', author: ann },
        { title: 'draft', state: 'draft', author: ann },
        { title: 'hidden', state: 'draft', author: ben },
        { title: 'deleted', author: ann },
      ])
      await articles.softDelete({ title: 'deleted' })
      readable.states = ['published']
    })

    it('hold for finds, counts, pages and builders', async () => {
      expect(titles(await articles.find())).toEqual(['seen'])
      expect(titles(await articles.where([{ title: 'draft' }, { title: 'seen' }]))).toEqual(['seen'])
      expect(await articles.findOneBy({ title: 'draft' })).toBeNull()
      expect(await articles.count()).toBe(1)
      expect(await articles.existsBy({ title: 'hidden' })).toBe(false)
      expect(await articles.paginate()).toMatchObject({ total: 1, items: [{ title: 'seen' }] })
      expect((await articles.query().paginateByCursor()).items).toHaveLength(1)
      const built = articles
        .queryBuilder('a')
        .where('a.title = :one', { one: 'draft' })
        .orWhere('a.title = :two', { two: 'seen' })
      expect(titles(await built.getMany())).toEqual(['seen'])
      expect(await built.getCount()).toBe(1)
      expect(await built.clone().getExists()).toBe(true)
    })

    it('hold for relations that are loaded, joined, and looked through', async () => {
      const found = await authors.find({ relations: { articles: true }, order: { name: 'ASC' } })
      expect(found.map(({ name, articles: own }) => [name, ...titles(own)])).toEqual([['Ann', 'seen'], ['Ben']])

      const joined = authors.queryBuilder('u').innerJoinAndSelect('u.articles', 'own').orderBy('u.name')
      expect((await joined.getMany()).map(({ name }) => name)).toEqual(['Ann'])
      const byHand = authors.queryBuilder('u').innerJoin(Article, 'own', 'own.authorId = u.id')
      expect(await byHand.getCount()).toBe(1)
      expect(await authors.existsBy({ articles: { title: 'hidden' } })).toBe(false)
      const loaded = await data.unitOfWork.manager
        .createQueryBuilder()
        .relation(Author, 'articles')
        .of(found[0])
        .loadMany<Article>()
      expect(titles(loaded)).toEqual(['seen'])
    })

    it('hold for updates and deletes, by repository and by builder', async () => {
      expect(await articles.update({ title: Not('x') }, { rank: 7 })).toBe(1)
      expect(await articles.update({ title: 'deleted' }, { rank: 7 })).toBe(0)
      expect(await articles.delete({ title: 'draft' })).toBe(0)
      const builder = data.unitOfWork.manager.createQueryBuilder()
      expect((await builder.update(Article).set({ rank: 8 }).execute()).affected).toBe(1)
      expect((await builder.delete().from(Article).where({ title: 'hidden' }).execute()).affected).toBe(0)
      expect(await articles.softDelete({ title: 'draft' })).toBe(0)

      readable.states = undefined
      expect(titles(await articles.query().orderBy({ id: 'ASC' }))).toEqual(['seen', 'draft', 'hidden'])
      expect(await articles.where({ rank: 8 }).count()).toBe(1)
    })

    it('are left out by name and for a reason, which is logged', async () => {
      const all = articles.without('readable', 'nightly report').orderBy({ id: 'ASC' })

      expect(titles(await all)).toEqual(['seen', 'draft', 'hidden'])
      expect(titles(await all.without('softDelete', 'trash'))).toEqual(['seen', 'draft', 'hidden', 'deleted'])
      expect(titles(await articles.without('softDelete', 'trash').orderBy({ id: 'ASC' }))).toEqual(['seen', 'deleted'])
      expect(await all.where({ state: 'draft' }).update({ rank: 5 })).toBe(2)
      expect(titles(await articles.find())).toEqual(['seen'])
      expect(data.logs.at('info').map(({ message }) => message)).toContain(
        'Article is used without its filter readable: nightly report',
      )
    })

    it('bring deleted rows back', async () => {
      expect(await articles.where({ title: 'deleted' }).restore()).toBe(1)
      expect(await articles.restore({ title: 'draft' })).toBe(0)

      expect(titles(await articles.query().orderBy({ id: 'ASC' }))).toEqual(['seen', 'deleted'])
    })

    it('hold inside of transactions, and for what they save', async () => {
      await data.unitOfWork.transaction(async () => {
        expect(await articles.count()).toBe(1)
        const [seen] = await articles.find()
        await articles.save(Object.assign(seen as Article, { title: 'changed' }))
      })

      expect(titles(await articles.find())).toEqual(['changed'])
    })

    it('are refused when they answer no value', async () => {
      readable.states = [undefined as unknown as string]

      await expect(articles.find()).rejects.toMatchObject({ code: 'DATA_CRITERIA_MISSING' })
    })
  })

  describe('under attack', () => {
    const ATTACKS = [
      "' OR '1'='1",
      "'; DROP TABLE article; --",
      '" OR ""="',
      '\\',
      "\\' OR 1=1 --",
      "x') OR (1=1",
      '%',
      ':title',
      '$1',
      '?',
      '`; DELETE FROM article; --',
      '0; DELETE FROM article',
      '\u0027 OR 1=1',
    ]

    it.each(ATTACKS)('take %s for a value wherever a value may stand', async (attack) => {
      await write('a', 'b')
      const other = attack as unknown as number

      expect(await articles.findBy({ title: attack })).toEqual([])
      expect(await articles.where({ title: Not(attack) }).count()).toBe(2)
      expect(await articles.where([{ title: attack }, { note: attack }])).toEqual([])
      expect(await articles.queryBuilder('a').where('a.title = :attack', { attack }).getMany()).toEqual([])
      expect(
        await articles
          .queryBuilder('a')
          .where('a.title IN (:...all)', { all: [attack] })
          .getCount(),
      ).toBe(0)
      expect(await articles.ofTitles([attack], attack)).toEqual([])
      expect(await articles.delete({ title: attack })).toBe(0)
      expect(await articles.update({ title: attack }, { note: attack })).toBe(0)
      // Where a number belongs, a database may refuse the text; it must not run it.
      await articles.findBy({ rank: other }).catch(() => [])
      await articles.delete(other).catch(() => 0)
      await expect(articles.query().paginateByCursor({ after: attack })).rejects.toMatchObject({
        code: 'DATA_CURSOR_INVALID',
      })
      await articles.insert({ title: attack, note: attack })
      await authors.upsert({ name: attack, score: 1 }, ['name'])

      expect(await articles.where({ title: attack, note: attack }).count()).toBe(1)
      expect(await authors.existsBy({ name: attack })).toBe(true)
      expect(await articles.count()).toBe(3)
    })

    it.each([...ATTACKS, 'id; DROP TABLE article', '(SELECT 1)'])(
      'refuse %s as a column or direction',
      async (attack) => {
        await write('a', 'b')
        const where = { [attack]: 1 } as object
        const order = { [attack]: 'ASC' } as object
        const direction = { title: attack } as object

        await expect(async () => articles.findBy(where)).rejects.toBeInstanceOf(Error)
        await expect(async () => articles.find({ order })).rejects.toBeInstanceOf(Error)
        // TypeORM takes any other direction for ASC.
        expect(titles(await articles.find({ order: direction }).catch(() => articles.find()))).toEqual(['a', 'b'])
        await expect(async () => articles.query().orderBy(order).paginateByCursor()).rejects.toBeInstanceOf(Error)
        await expect(async () => articles.update({ title: 'a' }, where)).rejects.toBeInstanceOf(Error)
        expect(await articles.count()).toBe(2)
      },
    )

    it('take an object for no criterion of its own where a value belongs', async () => {
      await write('a', 'b')
      const object = { title: 1 } as unknown as string

      await articles.findBy({ title: object }).then(
        (found) => expect(found).toEqual([]),
        (error: unknown) => expect(error).toBeInstanceOf(Error),
      )
      await articles.delete({ title: object }).catch(() => 0)
      await articles.ofTitles([object]).then(
        (found) => expect(found).toEqual([]),
        (error: unknown) => expect(error).toBeInstanceOf(Error),
      )
      expect(await articles.count()).toBe(2)
    })
  })

  describe('without values', () => {
    it('are refused by the query builder and by templates as by everything else', async () => {
      await write('a')
      const nothing = undefined as unknown as string
      const code = 'DATA_CRITERIA_MISSING'
      const { manager } = data.unitOfWork
      const builds: readonly (() => unknown)[] = [
        () => articles.queryBuilder('a').where('a.title = :title', { title: nothing }),
        () => articles.queryBuilder('a').where('a.title = :title', { title: null }),
        () => articles.queryBuilder('a').where('a.rank = 1').andWhere('a.title = :title', { title: nothing }),
        () => articles.queryBuilder('a').orWhere({ title: nothing }),
        () => articles.queryBuilder('a').where('a.title IN (:...titles)', { titles: ['a', nothing] }),
        () => articles.queryBuilder('a').setParameters({ title: nothing }),
        () => articles.queryBuilder('a').having('COUNT(*) > :n', { n: nothing }),
        () => articles.queryBuilder('a').having('1 = 1').andHaving('COUNT(*) > :n', { n: nothing }),
        () => articles.queryBuilder('a').having('1 = 1').orHaving('COUNT(*) > :n', { n: null }),
        () => articles.queryBuilder('a').whereInIds(nothing),
        () => articles.queryBuilder('a').andWhereInIds([1, null]),
        () => manager.createQueryBuilder().update(Article).set({ rank: 1 }).where({ title: nothing }),
        () => manager.createQueryBuilder().update(Article).set({ rank: 1 }).where('title = :title', { title: nothing }),
        () => manager.createQueryBuilder().delete().from(Article).where({ title: nothing }),
        () => manager.createQueryBuilder().softDelete().from(Article).where({ title: nothing }),
        () => articles.where({ title: nothing }),
        () => articles.query().where({ author: { name: nothing } }),
      ]

      for (const build of builds) expect(build).toThrow(expect.objectContaining({ code }))
      await expect(articles.ofTitles([])).rejects.toMatchObject({ code: 'DATA_SQL_VALUE_MISSING' })
      const [a] = await articles.where({ note: IsNull() })
      await articles.update({ title: 'a' }, { note: null })
      expect(await articles.ofTitles(['a'])).toEqual([{ id: a?.id }])
      expect(kind).toMatch(/sqlite|postgres|mariadb/)
    })
  })
})
