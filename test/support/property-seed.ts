/**
 * Property tests draw the same cases at every run, so that a red test is red again; PROPERTY_SEED names others
 * (`random` for new ones each time, as the long suites do). fast-check prints the seed of a failure.
 */
import fc from 'fast-check';

const wanted = process.env['PROPERTY_SEED'] ?? '20261122';
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
