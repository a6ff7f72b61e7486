/** Whether a value keeps to a schema of the document: ajv, an optional package. */
import type { JsonSchema, OpenApiDocument } from 'tenon/openapi'

import { ContractPackageMissing } from '../contract-errors.ts'

/** What is wrong, in words; `undefined` where nothing is. */
export type SchemaCheck = (schema: JsonSchema, value: unknown) => string | undefined

/** @throws `CONTRACT_PACKAGE_MISSING` */
export async function schemaCheck(document: OpenApiDocument): Promise<SchemaCheck> {
  const { Ajv2020 } = await load('ajv', () => import('ajv/dist/2020.js'))
  const formats = await load('ajv-formats', () => import('ajv-formats'))
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true })
  formats.default.default(ajv)
  ajv.addSchema({ $id: 'document', components: document.components }, 'document')
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>()
  return (schema, value) => {
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')
    let validate = compiled.get(text)
    if (!validate) compiled.set(text, (validate = ajv.compile(JSON.parse(text) as object)))
    if (validate(value)) return undefined
    const [error] = validate.errors ?? []
    return `${error?.instancePath === '' ? 'the value' : (error?.instancePath ?? '')} ${error?.message ?? 'is wrong'}`
  }
}

async function load<T>(name: string, importing: () => Promise<T>): Promise<T> {
  try {
    return await importing()
  } catch (error) {
    throw new ContractPackageMissing(name).causedBy(error)
  }
}
