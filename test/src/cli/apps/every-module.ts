/** The starter kit with every further module that brings commands. */
import { Module } from 'tenon'
import { ServiceAccountsModule } from 'tenon/auth'
import { ClientModule } from 'tenon/client'
import { ContractModule } from 'tenon/contract'

import { AppModule } from '../../../../samples/starter-kit/app-module.ts'

@Module({ imports: [AppModule, ServiceAccountsModule, ContractModule, ClientModule] })
export class EveryModule {}
