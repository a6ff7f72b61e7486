/**
 * What passwords are made of when no thought is spent on them. Lists of common passwords are long because each word comes
 * with dozens of endings; here a password is first stripped to the words it is made of, so a short list of words does.
 */

const WORDS = new Set(
  `password passwort passwd passphrase motdepasse contrasena contraseña senha wachtwoord haslo parola parool lozinka
  secret geheim segreto secreto letmein login logon signin welcome willkommen bienvenue bienvenido benvenuto hello hallo
  admin administrator administrador root toor user username guest demo test tester testing sample example default temp
  temporary changeme changeit change master super superman supervisor system server database oracle manager office
  company corporate enterprise service support helpdesk account access private public internet computer laptop desktop
  windows linux ubuntu debian microsoft google facebook twitter instagram linkedin youtube amazon apple samsung android
  iphone github gitlab docker kubernetes jenkins cisco tenon
  qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdf asdfgh asdfghjkl yxcvbnm zxcvbn zxcvbnm qazwsx qazwsxedc
  wsxedc qweasd qweasdzxc poiuytrewq lkjhgfdsa mnbvcxz abc abcd abcde abcdef abcdefg abcdefgh abcdefghij abcdefghijkl
  love iloveyou loveme lovely loveyou teamo jetaime tiamo liebe ichliebedich sweetheart darling honey angel baby
  princess prinzessin prince queen king kingdom diamond forever friend friends friendship family mother father mommy daddy
  sunshine sonnenschein summer sommer winter autumn herbst spring fruhling monday tuesday wednesday thursday friday
  saturday sunday january february march april may june july august september october november december januar februar
  maerz mai juni juli oktober dezember christmas halloween birthday holiday vacation weekend
  dragon monkey tiger lion eagle falcon panther jaguar cougar horse dolphin butterfly kitten kitty puppy doggy cat dog
  chicken banana orange cherry strawberry chocolate cookie cheese pepper ginger vanilla coffee pizza hamburger
  football fussball futbol soccer baseball basketball hockey tennis golf cricket rugby arsenal chelsea liverpool
  manchester barcelona barca realmadrid juventus bayern borussia dortmund schalke lakers yankees cowboys steelers eagles
  batman spiderman superhero starwars startrek pokemon pikachu naruto minecraft fortnite matrix avatar joker gandalf
  frodo harry potter harrypotter hogwarts jedi yoda vader darthvader terminator
  michael michelle jessica jennifer jordan ashley amanda matthew daniel andrew joshua robert william thomas charlie
  george anthony nicole samantha jonathan christian alexander alexandra sebastian stefan andreas martin peter julia
  maria marie laura anna lisa sarah sabrina claudia patrick maximilian
  freedom liberty america american canada england london paris berlin germany deutschland france espana italia brazil
  mexico india china japan europe australia texas california newyork chicago boston
  mustang ferrari porsche mercedes corvette harley yamaha honda toyota camaro audi bmw
  whatever trustno trustnoone nothing something anything everything blink shadow ninja samurai warrior killer hunter
  ranger soldier captain pirate phoenix thunder lightning storm hurricane silver golden purple yellow black white green
  blue red flower blossom rainbow unicorn heaven paradise jesus christ jesuschrist godisgood blessed buddha allah
  money dollar million rich gangster rockstar metallica nirvana slipknot beatles eminem guitar music
  correcthorsebatterystaple`.split(/\s+/),
)

const LOOKALIKES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
}

/** Whether the password is one or two common words, or one again and again, with digits and signs wherever they are. */
export function isCommon(password: string): boolean {
  const lower = password.normalize('NFKC').toLowerCase()
  // `p@ssw0rd2024!`: the ending would be read as letters, so it also goes first.
  const withoutEnding = lower.replace(/[^\p{L}]+$/u, '')
  return [lower, asLetters(lower), asLetters(withoutEnding)].some((each) => isFewWords(lettersOf(each)))
}

function asLetters(password: string): string {
  return password.replace(/[@431!0$57]/g, (sign) => LOOKALIKES[sign] ?? sign)
}

function lettersOf(password: string): string {
  return password.replace(/[^\p{L}]/gu, '')
}

const SHORTEST_WORD = 3
const LONGEST_WORD = Math.max(...[...WORDS].map(({ length }) => length))
/** Three or more that were drawn by chance are a passphrase. */
const TOO_FEW_WORDS = 2

function isFewWords(text: string): boolean {
  const [, once = text] = /^(.+?)\1+$/.exec(text) ?? []
  // How few words each beginning of the text can be made of.
  const fewest = [0]
  for (let from = 0; from < once.length; from += 1) {
    const words = fewest[from]
    if (words === undefined) continue
    for (let to = from + SHORTEST_WORD; to <= Math.min(once.length, from + LONGEST_WORD); to += 1) {
      if (WORDS.has(once.slice(from, to))) fewest[to] = Math.min(fewest[to] ?? Infinity, words + 1)
    }
  }
  return (fewest[once.length] ?? Infinity) <= TOO_FEW_WORDS
}
