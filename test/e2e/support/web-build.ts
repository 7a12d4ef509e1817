/** Vitest global set-up: the web build that the processes of each file serve, made once. */
import { prepareCode } from '../../../scripts/setup.ts';

export default (): Promise<void> => prepareCode({ build: true });
