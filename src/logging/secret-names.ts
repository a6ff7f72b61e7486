/** Which names speak of something that must not be read: keys of objects, headers, query parameters, variables. */

const SECRET_NAME = new RegExp(
  [
    'password|passwd|passphrase|passcode|pwd$|^pass$',
    'secret|credential|authorization|cookie',
    '(?:api|private|access|signing|encryption|master|session|secret)key',
    'session(?:id|token)|^sid$|tokens?$|jwt$',
    '^(?:otp|totp|pin|cvv|cvc|ssn)$|cardnumber|connectionstring',
  ].join('|'),
)

/** Whether a name speaks of a secret, in any spelling: `apiKey`, `API_KEY`, `x-api-key`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''))
}
