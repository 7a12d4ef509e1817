/** The app's own, reserved namespace: "$app" and "$app:scores" stand for "app--ID" and "app--ID--scores". */

/** The sandbox has one app. */
export const APP_ID = '1';

/** Left out: the app's own namespace. */
export function fullNamespace(namespace: string | null | undefined): string {
  if (namespace === undefined || namespace === null || namespace === '$app') return `app--${APP_ID}`;
  return namespace.replace(/^\$app:/, `app--${APP_ID}--`);
}
