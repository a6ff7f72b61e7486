/** Decides which address a host name leads to, and refuses those that are not public. */
import { lookup } from 'node:dns/promises'
import { isIP, type BlockList } from 'node:net'

import { FetchFailed, FetchRefused } from '../security-errors.ts'
import { isPublicAddress, subnetList } from './public-address.ts'

export interface HostAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** All addresses of a host name. */
export type Resolver = (hostname: string) => Promise<readonly HostAddress[]>

/** As the machine does it, its hosts file included. */
export const systemResolver: Resolver = async (hostname) => {
  const found = await lookup(hostname, { all: true, order: 'verbatim' })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

export class AddressGuard {
  readonly #resolve: Resolver
  readonly #allowedHosts: ReadonlySet<string>
  readonly #allowedSubnets: BlockList

  /** @param allowed - Hosts and subnets that may be called although they are not public: `vault.internal`, `10.2.0.0/16`. */
  constructor(allowed: readonly string[], resolve: Resolver = systemResolver) {
    const isSubnet = (text: string): boolean => isIP(text.split('/', 1)[0]!) !== 0
    this.#allowedHosts = new Set(allowed.filter((each) => !isSubnet(each)).map((host) => host.toLowerCase()))
    this.#allowedSubnets = subnetList(allowed.filter(isSubnet))
    this.#resolve = resolve
  }

  /**
   * The address to connect to; nobody looks the name up again afterwards.
   * @throws `SECURITY_FETCH_REFUSED`, `SECURITY_FETCH_FAILED`
   */
  async addressOf(url: URL): Promise<HostAddress> {
    const hostname = hostnameOf(url)
    const version = isIP(hostname)
    const found = version === 0 ? await this.#lookUp(url, hostname) : [{ address: hostname, family: version as 4 | 6 }]
    // One that is not public among several is how a name is made to lead elsewhere the next time.
    if (!found.every(({ address }) => this.isAllowed(hostname, address))) {
      throw new FetchRefused(url.origin, 'it leads into a network that is not public')
    }
    return found[0]!
  }

  isAllowed(hostname: string, address: string): boolean {
    if (isPublicAddress(address)) return true
    if (this.#allowedHosts.has(hostname)) return true
    return isIP(address) !== 0 && this.#allowedSubnets.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }

  async #lookUp(url: URL, hostname: string): Promise<readonly HostAddress[]> {
    let found: readonly HostAddress[]
    try {
      found = await this.#resolve(hostname)
    } catch (error) {
      throw new FetchFailed(url.origin, 'its name is not known').causedBy(error)
    }
    if (found.length === 0) throw new FetchFailed(url.origin, 'its name has no address')
    return found
  }
}

/** Without the brackets of IPv6 and the dot of the root. */
export function hostnameOf({ hostname }: URL): string {
  return hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()
}
