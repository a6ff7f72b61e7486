import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { writeProject } from './check-projects.ts'

describe('node --import tenon/register', () => {
  it('keeps what was compiled, and reads the maps of the application alone', () => {
    const folder = writeProject('register', {
      'main.js': `import { getCompileCacheDir, getSourceMapsSupport } from 'node:module'
console.log(JSON.stringify({ keeps: getCompileCacheDir() !== undefined, maps: getSourceMapsSupport() }))
`,
    })
    const { PATH } = process.env

    const { stdout } = spawnSync(process.execPath, ['--import', 'tenon/register', join(folder, 'main.js')], {
      cwd: folder,
      env: { PATH },
      encoding: 'utf8',
    })

    expect(JSON.parse(stdout)).toEqual({
      keeps: true,
      maps: { enabled: true, nodeModules: false, generatedCode: false },
    })
  })
})
