/**
 * Lint with types, the floors, and import cycles.
 *
 * The floors are `no-restricted-imports`, and a file knows the rule only of the last override that matches it. So every
 * file gets one complete list: the same for all files of a floor at one depth, since a relative path can leave its home
 * only with more `../` than the home is deep. test/repository/floors.test.ts proves that each ban fires.
 */
import { defineConfig, type OxlintOverride } from 'oxlint'

/** Files that may import each other by relative paths, and what else they may import. */
interface Home {
  /** A floor, or one module or sample: relative paths stay inside it. */
  readonly path: string
  /** The files meant, in any folder of the home. */
  readonly files: string
  /** What a relative path may reach outside, seen from the repository's root. */
  readonly opens?: string
  /** The library these files own: nobody else may import it. */
  readonly owns?: string
  /** The only packages these files may import. */
  readonly packages?: readonly string[]
  /** Packages these files may not import, as a regular expression. */
  readonly bans?: string
  /** Said when one of these is broken. */
  readonly rule: string
}

const LANGUAGE: Home = {
  path: 'decorators',
  files: '*.ts',
  packages: ['reflect-metadata'],
  rule: 'Floor 0: decorators/ imports reflect-metadata and itself.',
}
const KERNEL: Home = {
  path: 'src',
  files: '*.ts',
  opens: 'decorators/index.ts',
  bans: '^tenon(/|$)',
  rule: 'Floor 1: src/ imports ../decorators/index.ts and itself.',
}
const MODULE: Home = {
  path: 'modules/*',
  files: '*.ts',
  bans: '^tenon/.+/',
  rule: 'Floor 2: a module imports its own files and the published entries: tenon, tenon/decorators, tenon/<module>.',
}
const SAMPLE: Home = {
  path: 'samples/*',
  files: '*.ts',
  bans: '^tenon/.+/',
  rule: 'Floor 3: a sample imports its own files and the published entries: tenon, tenon/decorators, tenon/<module>.',
}

/** From the general to the particular: the last one that names a file counts. */
const HOMES: readonly Home[] = [
  LANGUAGE,
  KERNEL,
  { ...KERNEL, files: 'container/container.ts', owns: 'inversify|#inversify' },
  { ...KERNEL, files: 'logging/winston-logger.ts', owns: 'winston' },
  { ...KERNEL, files: 'http/express-*.ts', owns: 'express' },
  { ...KERNEL, files: 'http/router.ts', owns: 'find-my-way|#find-my-way' },
  MODULE,
  { ...MODULE, path: 'modules/data', owns: 'typeorm' },
  SAMPLE,
  { ...SAMPLE, files: '*-entity.ts', owns: 'typeorm' },
  { ...SAMPLE, files: 'entities/*.ts', owns: 'typeorm' },
  { ...SAMPLE, files: 'migrations/*.ts', owns: 'typeorm' },
]

/** How many folders deep the code below a home may lie. */
const DEEPEST = 5

const COMPILER = { regex: '^typescript(/|$)', message: 'TypeScript 7 is a compiler, not a library.' }

/** One override for each home and each depth of folders below it. */
function floors(): OxlintOverride[] {
  return HOMES.flatMap((home) =>
    Array.from({ length: DEEPEST + 1 }, (_, below) => ({
      files: [`${home.path}/${'*/'.repeat(below)}${home.files}`],
      rules: { 'no-restricted-imports': importRule(home, below + home.files.split('/').length) },
    })),
  )
}

type ImportRule = NonNullable<OxlintOverride['rules']>['no-restricted-imports']

/** @param steps - How many `../` lead out of the home. */
function importRule({ opens, owns, packages, bans, rule }: Home, steps: number): ImportRule {
  const out = '../'.repeat(steps)
  const patterns = [
    COMPILER,
    // One list, since what one pattern lets through no other can stop; the last entry that matches counts.
    {
      group: [
        ...(packages ? ['*', '!./**', '!../**', ...packages.map((name) => `!${name}`)] : []),
        `${out}**`,
        ...(opens ? [`!${out}${opens}`] : []),
      ],
      message: rule,
    },
    ...(bans ? [{ regex: bans, message: rule }] : []),
    ...HOMES.flatMap(({ owns: library, path, files }) =>
      library && library !== owns
        ? [{ regex: `^(${library})(/|$)`, message: `${library} has one home: ${path}/**/${files}.` }]
        : [],
    ),
  ]
  const paths = [{ name: 'node:process', importNames: ['env'], message: 'Settings are read in src/config.' }]
  return ['error', { paths, patterns }]
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'jest'],
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['dist/**', 'coverage/**', 'bench/**', 'docs/**'],
  categories: { correctness: 'error' },
  rules: {
    // It turns an injected class into `import type`, which erases it, and injection breaks silently.
    'typescript/consistent-type-imports': 'off',
    // A framework looks at methods without calling them, and hands `next` through promises.
    'typescript/unbound-method': 'off',
    'promise/no-callback-in-promise': 'off',
    'import/no-cycle': 'error',
    'import/no-duplicates': 'error',
    'import/no-self-import': 'error',
    'import/no-absolute-path': 'error',

    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/only-throw-error': ['error', { allowThrowingUnknown: true }],
    'typescript/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-unnecessary-type-assertion': 'error',
    'typescript/no-deprecated': 'error',
    'typescript/no-require-imports': 'error',
    'typescript/no-namespace': 'error',
    'typescript/restrict-plus-operands': 'error',
    'typescript/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
    'promise/no-multiple-resolved': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-var': 'error',
    'prefer-const': 'error',
    'no-shadow-restricted-names': 'error',
    'no-extend-native': 'error',
    'no-implied-eval': 'error',
    'no-self-compare': 'error',
    'unicorn/prefer-node-protocol': 'error',
    'preserve-caught-error': 'error',
  },
  overrides: [
    {
      files: ['{decorators,src,modules,samples}/**/*.ts'],
      rules: { 'node/no-process-env': 'error', 'no-console': 'error' },
    },
    { files: ['src/config/**/*.ts'], rules: { 'node/no-process-env': 'off' } },
    // Requests are plain data, as in new projects.
    { files: ['samples/**/*.ts'], rules: { 'typescript/no-misused-spread': 'off' } },
    {
      files: ['{decorators,src,modules}/**/*.ts'],
      rules: { 'typescript/explicit-module-boundary-types': ['error', { allowArgumentsExplicitlyTypedAsAny: true }] },
    },
    {
      files: ['test/**/*.ts'],
      rules: {
        'jest/no-focused-tests': 'error',
        'jest/no-disabled-tests': 'error',
        'jest/no-identical-title': 'error',
        'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expectTypeOf', 'fc.assert'] }],
        // A property holds for some of the generated values: the condition is part of it.
        'jest/no-conditional-expect': 'off',
        // Plain copies of DTOs and settings are what a test wants to compare.
        'typescript/no-misused-spread': 'off',
        // Tests throw what a user of ours might throw.
        'typescript/only-throw-error': 'off',
        'typescript/prefer-promise-reject-errors': 'off',
        'no-restricted-imports': ['error', { patterns: [COMPILER] }],
      },
    },
    {
      files: ['test/{modules,samples}/**/*.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [{ regex: '^(\\.\\./)+(src|decorators)/', message: MODULE.rule }, COMPILER],
          },
        ],
      },
    },
    ...floors(),
  ],
})
