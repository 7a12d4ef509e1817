import { expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { untilDatabaseAnswers } from '../../../app/db/until-database-answers.server.ts';
import { silentLog } from '../../support/silent-log.ts';

const error = (code: string) => Object.assign(new Error(code), { code });

test('a database that is starting is asked again until it answers', async () => {
  const says = [error('ECONNREFUSED'), error('57P03')];
  const log = silentLog();
  await untilDatabaseAnswers(log, () => {
    const said = says.shift();
    return said ? Promise.reject(said) : Promise.resolve();
  });
  expect(says).toEqual([]);
  expect(log.lines).toHaveLength(2);
});

test('a wrong password or role is not waited for', async () => {
  for (const wrong of [error('28P01'), new AppError('config', 'a superuser')]) {
    await expect(untilDatabaseAnswers(silentLog(), () => Promise.reject(wrong))).rejects.toBe(wrong);
  }
});
