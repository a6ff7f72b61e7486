/** Who may do what: closed unless an endpoint says otherwise. */
import { Module } from 'tenon'

import { AccountsModule } from '../accounts/accounts-module.ts'
import { accessIsDecided } from './access-is-decided.ts'
import { AuthInterceptor } from './auth-interceptor.ts'
import { RolesInterceptor } from './roles.ts'

@Module({
  imports: [AccountsModule],
  interceptors: [AuthInterceptor, RolesInterceptor],
  rules: [accessIsDecided],
})
export class AccessModule {}
