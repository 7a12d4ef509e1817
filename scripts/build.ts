/** `npm run build`: what production needs besides the packages: the database client and the web build. */
import { prepareCode, say } from './setup.ts';

await prepareCode({ build: true });
say('Built.');
