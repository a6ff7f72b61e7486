import { Module, token } from 'tenon'

export const LOADED = token<string>('Loaded')

@Module({ providers: [{ provide: LOADED, useValue: 'loaded' }] })
export class LoadedModule {}
