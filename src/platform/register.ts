/**
 * `node --import tenon/register dist/main.js`: a faster start, and stack traces that name the sources.
 *
 * What Node compiled once it reads from its cache the next time. Source maps are read for the application's own files
 * alone: `--enable-source-maps` keeps those of every package in memory, tens of megabytes that nobody looks at.
 */
import { enableCompileCache, setSourceMapsSupport } from 'node:module'

enableCompileCache()
setSourceMapsSupport(true)
