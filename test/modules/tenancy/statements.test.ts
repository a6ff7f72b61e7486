import { readStatement } from 'tenon/data'

describe('The tables of a statement', () => {
  it.each([
    ['SELECT * FROM ticket', ['ticket']],
    ['select t.* from "ticket" t where t.id = 1', ['ticket']],
    ['SELECT * FROM public.ticket, `customer` c', ['ticket', 'customer']],
    [
      'SELECT * FROM ticket t LEFT JOIN customer c ON c.id = t.customerId AND c.x IN (1, 2), label',
      ['ticket', 'customer', 'label'],
    ],
    ['SELECT * FROM (SELECT id FROM ticket) x', ['ticket']],
    ['SELECT * FROM (ticket JOIN customer ON 1 = 1)', ['ticket', 'customer']],
    ['SELECT * FROM ((ticket))', ['ticket']],
    ['SELECT (SELECT COUNT(*) FROM ticket) AS n, id FROM customer', ['ticket', 'customer']],
    ['WITH t AS (SELECT * FROM ticket) SELECT * FROM t', ['ticket', 't']],
    ['SELECT 1 WHERE EXISTS (SELECT 1 FROM ticket)', ['ticket']],
    ['INSERT INTO ticket (title) VALUES (1)', ['ticket']],
    ['INSERT ticket VALUES (1)', ['ticket']],
    ['INSERT OR REPLACE INTO ticket (title) SELECT title FROM label', ['ticket', 'label']],
    ['INSERT INTO plan (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET ticket = 1', ['plan']],
    ['UPDATE ONLY ticket SET title = 1 FROM customer', ['ticket', 'customer']],
    ['DELETE FROM ticket USING customer', ['ticket', 'customer']],
    ['TRUNCATE TABLE ticket', ['ticket']],
    ['TRUNCATE ticket', ['ticket']],
    ['TABLE ticket', ['ticket']],
    ["SELECT 'FROM ticket' AS text FROM plan -- FROM ticket", ['plan']],
    ['SELECT * FROM plan /* , ticket */ WHERE ticket = 1', ['plan']],
    ['SELECT * FROM plan FOR UPDATE', ['plan']],
    ['SELECT * FROM plan FOR UPDATE OF ticket', ['plan']],
    ['CREATE TABLE ticket (id int)', []],
    ['CREATE TABLE copy AS SELECT * FROM ticket', ['copy', 'ticket']],
    ['CREATE INDEX i ON ticket (id)', []],
    ['COMMIT', []],
  ])('are read from %s', (sql, tables) => {
    expect(readStatement(sql).tables).toEqual(tables)
  })

  it('come with how often each name is mentioned', () => {
    const { mentions } = readStatement('SELECT "tenantId" FROM a WHERE a.tenantId = $1 AND x = \'tenantId\'')

    expect(mentions.get('tenantid')).toBe(2)
  })
})
