import { safeStorage } from 'electron';
import type { Vault } from './secrets.ts';

/** Backends of Linux that only pretend: a key everybody knows. */
const pretending = new Set(['basic_text', 'unknown']);

/** The operating system's keychain behind Electron's safeStorage. Ask only after the app is ready. */
export const keychain: Vault = {
  isReal() {
    if (!safeStorage.isEncryptionAvailable()) return false;
    return process.platform !== 'linux' || !pretending.has(safeStorage.getSelectedStorageBackend());
  },
  seal: (text) => safeStorage.encryptString(text),
  open: (sealed) => safeStorage.decryptString(sealed),
};
