/** Provisioning URIs as pictures, by the optional package qrcode. */
import type * as QrCode from 'qrcode'

import { loadPackage } from '../load-package.ts'

export type QrFormat = 'svg' | 'png'

/**
 * An `<svg>` element, or a PNG as a `data:` address.
 * @throws `MFA_PACKAGE_MISSING`
 */
export async function drawQrCode(text: string, format: QrFormat): Promise<string> {
  const loaded = await loadPackage({ name: 'qrcode', version: '1.5.4', feature: 'QR codes' })
  const { default: qrCode } = loaded as { readonly default: typeof QrCode }
  return format === 'svg' ? qrCode.toString(text, { type: 'svg' }) : qrCode.toDataURL(text)
}
