/**
 * What the page does first. Scalar sets optional parameters to the first value of their list, so the first call that a
 * reader makes would be filtered by whatever stands there: in what Scalar is handed, they are switched off. And it leaves
 * out what can only have one value, such as the version of the API: that is filled in. Who switches to another version goes
 * on reading about the same operation.
 */
export const START_SCRIPT = `const configuration = JSON.parse(document.getElementById('configuration').textContent)
const { sources, servers = [] } = configuration
const absolute = (url) => new URL(url, location.href).href

function prepared(description) {
  for (const path of Object.values(description.paths)) {
    for (const { parameters = [] } of Object.values(path)) {
      for (const parameter of parameters) {
        const { required, schema, examples } = parameter
        const isFilledIn = !required && !examples && schema.default === undefined && (schema.enum || schema.type === 'boolean')
        if (schema.const !== undefined) schema.default = schema.const
        if (isFilledIn) parameter.examples = { unset: { value: '', 'x-disabled': true } }
      }
    }
  }
  return description
}

for (const { content } of sources) if (content) prepared(content)
const documents = new Set(sources.flatMap(({ url }) => (url ? [absolute(url)] : [])))
configuration.customFetch = async (input, init) => {
  const answer = await fetch(input, init)
  const isDocument = answer.ok && documents.has(absolute(input instanceof Request ? input.url : input))
  return isDocument ? Response.json(prepared(await answer.json())) : answer
}
for (const server of servers) server.url = absolute(server.url).replace(/\\/$/, '')
let place
configuration.onDocumentSelect = () => {
  place = location.hash.replace(/^#[^/]*/, '')
}
configuration.onLoaded = (slug) => {
  if (place) location.hash = '#' + slug + place
  place = undefined
}
Scalar.createApiReference('#reference', configuration)
`
