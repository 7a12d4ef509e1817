/**
 * The library's session storage, with two promises added: tokens lie encrypted in the table, and nobody's name
 * or e-mail address is stored with a session.
 */
import { Session } from '@shopify/shopify-api';
import type { SessionStorage } from '@shopify/shopify-app-session-storage';
import { PrismaSessionStorage } from '@shopify/shopify-app-session-storage-prisma';
import type { Cipher } from '../cipher.server.ts';
import type { PrismaClient } from '../db/generated/client.ts';
import { openToken, sealToken } from './token-seal.server.ts';

export function createSessionStorage(prisma: PrismaClient, cipher: Cipher): SessionStorage {
  let inner: SessionStorage | undefined;
  // Made at its first use and again after a failure: the library's storage looks for its table once, when it
  // is made, and would refuse for ever after a database that was late.
  async function use<T>(act: (storage: SessionStorage) => Promise<T>): Promise<T> {
    inner ??= new PrismaSessionStorage(prisma as never, {
      connectionRetries: 1,
      connectionRetryIntervalMs: 0,
    });
    try {
      return await act(inner);
    } catch (error) {
      inner = undefined;
      throw error;
    }
  }

  const sealed = (session: Session) =>
    withTokens(anonymous(session), (token) => sealToken(cipher, session.shop, token));
  const opened = (session: Session) => withTokens(session, (token) => openToken(cipher, session.shop, token));

  return {
    storeSession: (session) => use((storage) => storage.storeSession(sealed(session))),
    loadSession: async (id) => {
      const session = await use((storage) => storage.loadSession(id));
      return session && opened(session);
    },
    deleteSession: (id) => use((storage) => storage.deleteSession(id)),
    deleteSessions: (ids) => use((storage) => storage.deleteSessions(ids)),
    findSessionsByShop: async (shop) =>
      (await use((storage) => storage.findSessionsByShop(shop))).map(opened),
  };
}

function withTokens(session: Session, change: (token: string) => string): Session {
  const copy = new Session(session.toObject());
  if (session.accessToken) copy.accessToken = change(session.accessToken);
  if (session.refreshToken) copy.refreshToken = change(session.refreshToken);
  return copy;
}

/** Whose online session it is, by id only. */
function anonymous(session: Session): Session {
  const copy = new Session(session.toObject());
  if (copy.onlineAccessInfo) {
    copy.onlineAccessInfo = {
      ...copy.onlineAccessInfo,
      associated_user: {
        ...copy.onlineAccessInfo.associated_user,
        first_name: '',
        last_name: '',
        email: '',
      },
    };
  }
  return copy;
}
