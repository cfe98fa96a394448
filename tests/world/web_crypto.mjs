// Node 18, which Debian 12 has, keeps the Web Cryptography API behind an option; libraries expect it where newer ones have it. Imported before they are.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;
