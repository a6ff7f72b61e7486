/** Tickets count their changes, so that of two who change the same one at once one is refused. */
import { TableColumn, type Migration, type QueryRunner } from 'tenon/data'

export class AddTicketVersion1767312000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('tickets', new TableColumn({ name: 'version', type: 'integer', default: 1 }))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('tickets', 'version')
  }
}
