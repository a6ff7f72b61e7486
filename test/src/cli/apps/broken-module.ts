/** An application that does not hold together. */
import { Injectable, Module } from 'tenon'

@Injectable()
export class Till {}

@Injectable()
export class Counter {
  constructor(readonly till: Till) {}
}

@Module({ providers: [Counter] })
export class AppModule {}
