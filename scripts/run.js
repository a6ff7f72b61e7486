/** Other programs: asked for their output, run as one step of several, or run in place of this one. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants } from 'node:os'

const isWindows = process.platform === 'win32'

/** Runs to the end and answers what was written. npm and npx are scripts that Windows finds by its shell only. */
export function capture(file, args) {
  const shell = isWindows && file !== process.execPath
  const { status, error, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', shell, maxBuffer: 1 << 28 })
  return { ok: status === 0, stdout: stdout ?? '', output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` }
}

/** One silent step: its name and time when it went well; what it wrote, and the end, when it did not. */
export function step(name, file, args) {
  const started = Date.now()
  const { ok, output } = capture(file, args)
  if (!ok) giveUp(`${name}: failed`, output)
  console.log(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

export function giveUp(message, output) {
  if (output.trim()) console.error(output.trim())
  console.error(message)
  process.exit(1)
}

/** The program of an installed package, to be run by node: no shell, the same on every system. */
export function program(packageName, name = packageName) {
  const folder = join('node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[name])
}

/**
 * Runs `file` in place of this process. Where the system can, it really takes over: same process id, so signals and
 * the exit code need nobody in between. Elsewhere this process waits, hands signals on, and ends as the other one did.
 *
 * The script in package.json says `exec` for the same reason: npm sends a signal to its shell, and the shell would keep
 * it, or end with 130 after Ctrl-C whatever the application ended with. Where `exec` is unknown (Windows) the second
 * half of the script runs. A Ctrl-C may arrive more than once: from the terminal, from npm, and from here.
 */
export function become(file, args, env = process.env) {
  if (process.execve && !isWindows) process.execve(file, [file, ...args], env)

  const child = spawn(file, args, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => giveUp(`${file} could not be started: ${error.message}`, ''))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}
