/** What was measured, and where: enough to read the figures, nothing about the machine beyond its cores. */
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

import { pinning } from './cores.js'
import { loadTool } from './load.js'

const PACKAGES = [
  'fastify',
  'hono',
  '@hono/node-server',
  'express',
  '@nestjs/core',
  'zod',
  'class-validator',
  'typeorm',
  'pg',
]

export function describeRun() {
  const own = versionIn('../../package.json')
  const peers = PACKAGES.flatMap((name) => {
    const file = `../node_modules/${name}/package.json`
    return existsSync(new URL(file, import.meta.url)) ? [`${name} ${versionIn(file)}`] : []
  })
  return [
    `- Node ${process.version}, tenon ${own}`,
    `- ${peers.join(', ')}`,
    `- ${process.platform} ${process.arch}, ${availableParallelism()} cores; ${pinning}; load by ${loadTool}, 64 connections`,
  ].join('\n')
}

function versionIn(file) {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).version
}
