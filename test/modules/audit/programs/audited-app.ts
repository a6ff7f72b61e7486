/** An application with an audit log, for the tool. */
import { Module } from 'tenon'
import { AuditModule } from 'tenon/audit'

@Module({ imports: [AuditModule] })
export class AuditedApp {}
