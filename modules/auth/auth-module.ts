/** Identity: who calls, proved by tokens, sessions or keys. */
import { CallerRecognition } from 'tenon'
import { Module } from 'tenon/decorators'

import { AuthenticationInterceptor } from './authentication-interceptor.ts'
import { SchemeRecognition } from './scheme-recognition.ts'

@Module({
  providers: [{ provide: CallerRecognition, useClass: SchemeRecognition }],
  interceptors: [AuthenticationInterceptor],
})
export class AuthModule {}
