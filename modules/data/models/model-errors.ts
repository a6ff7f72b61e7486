/** What a model needs before it can read and write itself. */
import { defineError } from 'tenon'

export const ModelHomeless = defineError({
  code: 'DATA_MODEL_HOMELESS',
  status: 500,
  message: (model: string) => `${model} is a model of no application that is open.`,
  help: 'List it in @Module({ entities }) of a module of the application, and use it only while the application runs.',
})

export const ModelAmbiguous = defineError({
  code: 'DATA_MODEL_AMBIGUOUS',
  status: 500,
  message: (model: string, applications: number) =>
    `${applications} applications of this process have the model ${model}; which one is meant cannot be told.`,
  help: 'Use it within a transaction of one of them, or use a repository.',
})

export const ModelUnsaved = defineError({
  code: 'DATA_MODEL_UNSAVED',
  status: 500,
  message: (model: string) => `This ${model} has no primary key yet, so it is no row.`,
  help: 'Save it first.',
})
