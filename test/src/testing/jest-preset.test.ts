import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

/** A project of a user: the packages it installed, one compiled test, and our preset. */
async function project(test: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-preset-'))
  await mkdir(join(folder, 'node_modules'))
  await mkdir(join(folder, 'dist/test'), { recursive: true })
  await symlink(ROOT, join(folder, 'node_modules/tenon'), 'junction')
  for (const name of ['jest', 'jest-light-runner']) {
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'jest.config.js'), "export default { preset: 'tenon/jest' }")
  await writeFile(join(folder, 'dist/test/a.test.js'), test)
  return folder
}

function jest(folder: string): Promise<{ ok: boolean; output: string }> {
  const args = [join(ROOT, 'node_modules/jest/bin/jest.js'), '--ci']
  const env = { ...process.env, FORCE_COLOR: '0' }
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env, timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    )
  })
}

async function run(test: string): Promise<{ ok: boolean; output: string }> {
  const folder = await project(test)
  try {
    return await jest(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe("The preset 'tenon/jest'", () => {
  it('runs compiled ESM tests of a project that names nothing else', async () => {
    const { ok, output } = await run(`
      const { Module } = await import('tenon/decorators')
      it('is ESM', () => expect(Module).toBeInstanceOf(Function))
    `)

    expect(output).toContain('Tests:       1 passed, 1 total')
    expect(ok).toBe(true)
  })

  it('fails when a test fails', async () => {
    const { ok, output } = await run("it('is wrong', () => expect(1).toBe(2))")

    expect(output).toContain('Tests:       1 failed, 1 total')
    expect(ok).toBe(false)
  })
})
