/** What keeps code from being generated, or from being taken back. */
import { defineError } from '../../errors/define-error.ts'

export const FieldUnreadable = defineError({
  code: 'GENERATE_FIELD_UNREADABLE',
  status: 400,
  message: (field: string, reason: string) => `The field ${JSON.stringify(field)} cannot be generated: ${reason}.`,
  help: 'Write name:type, as in price:decimal, state:enum(open,closed)=open, email:email?:unique or customer:belongsTo.',
})

export const KindUnknown = defineError({
  code: 'GENERATE_KIND_UNKNOWN',
  status: 400,
  message: (kind: string, known: readonly string[], near: string | undefined) =>
    `There is no generator ${JSON.stringify(kind)}.${near === undefined ? '' : ` Did you mean ${near}?`} Known: ${known.join(', ')}.`,
  help: 'tenon help generate shows each with an example.',
})

export const NameUnusable = defineError({
  code: 'GENERATE_NAME_UNUSABLE',
  status: 400,
  message: (name: string, reason: string) => `${JSON.stringify(name)} is no name for it: ${reason}.`,
  help: 'Write small words of letters and digits, with dashes between them: order-item.',
})

export const FileThere = defineError({
  code: 'GENERATE_FILE_THERE',
  status: 409,
  message: (files: readonly string[]) => `Nothing was written, for this is there already: ${files.join(', ')}.`,
  help: 'Choose another name, or overwrite it with --force.',
})

export const TargetMissing = defineError({
  code: 'GENERATE_TARGET_MISSING',
  status: 404,
  message: (field: string, what: string) => `${field} cannot be generated: ${what}.`,
  help: 'Generate the other one first: tenon generate resource, or tenon generate factory for an entity without one.',
})

export const SourceUnfit = defineError({
  code: 'GENERATE_SOURCE_UNFIT',
  status: 422,
  message: (file: string, what: string) => `${file} cannot be changed: ${what}.`,
  help: 'Write a class with @Module({ … }) there, whose lists are written as lists, or add the line yourself.',
})

export const NotGenerated = defineError({
  code: 'GENERATE_NOT_RECORDED',
  status: 404,
  message: (kind: string, name: string) => `No ${kind} ${name} was generated here that could be taken back.`,
  help: 'What another machine generated is removed by hand or by git; tenon destroy lists what it knows.',
})

export const FilesChanged = defineError({
  code: 'GENERATE_FILES_CHANGED',
  status: 409,
  message: (files: readonly string[]) => `Nothing was removed, for this was changed since: ${files.join(', ')}.`,
  help: 'Keep what you wrote elsewhere, then remove it all with --force.',
})

export const StillNeeded = defineError({
  code: 'GENERATE_STILL_NEEDED',
  status: 409,
  message: (name: string, files: readonly string[]) =>
    `Nothing was removed, for ${name} is used by ${files.join(', ')}.`,
  help: 'Take those back first, or remove it all the same with --force.',
})

export const FolderTaken = defineError({
  code: 'GENERATE_FOLDER_TAKEN',
  status: 409,
  message: (folder: string) => `${folder} is there already, and not empty.`,
  help: 'Choose another name, or empty the folder.',
})

export const ChoicesUnfit = defineError({
  code: 'GENERATE_CHOICES_UNFIT',
  status: 400,
  message: (choice: string, why: string, instead: string) => `${choice} does not fit: ${why}. ${instead}.`,
  help: 'tenon help new lists every choice.',
})
