/** Any other address under /app: an answer inside the app's frame, not a blank page. */
import { data, type LoaderFunctionArgs } from '@remix-run/node';
import { NO_SUCH_PAGE } from '../ui/page-problem.ts';
import { pageRequest } from './page-request.server.ts';

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, () => Promise.reject(data(NO_SUCH_PAGE, { status: 404 })));
}

export default function NoSuchPage() {
  return null;
}
