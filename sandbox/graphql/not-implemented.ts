/** What the sandbox does not have it says loudly: no silent null, no made-up data. */
import { GraphQLError } from 'graphql';

export class NotImplemented extends GraphQLError {
  constructor(what: string) {
    super(`${what} is not implemented by the sandbox.`, {
      extensions: { code: 'NOT_IMPLEMENTED_BY_THE_SANDBOX' },
    });
  }
}

export function badRequest(message: string, code = 'BAD_REQUEST'): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
