import { createHmac } from 'node:crypto';

/** Only we write headers of this prefix; what comes from outside under it is dropped. */
export const OWN_HEADERS = 'x-roost-';

/** Tells the gateway who spoke to the web, since for it every request comes from the web. */
export const CLIENT_HEADER = 'x-roost-client';

/** @returns the value of the header: the address, when it was signed (ms since 1970), and the signature over both. */
export function signedAddress(key: string, address: string, now: number): string {
  const said = `${address} ${now}`;
  return `${said} ${createHmac('sha256', key).update(said).digest('base64url')}`;
}
