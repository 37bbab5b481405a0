import { defineConfig, type Connect } from 'vite';
import { fixtureAnswer } from './fixtures/api';

/** Answers the API from fixtures; ?signedout=1 in the referring page means no session. */
const answer: Connect.NextHandleFunction = (request, response, next) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (!url.pathname.startsWith('/api/')) {
    response.setHeader(
      'Content-Security-Policy',
      "default-src 'self'; script-src 'self' 'nonce-__CSP_NONCE__'; style-src 'self' 'nonce-__CSP_NONCE__'; img-src 'self' data:; frame-ancestors 'none'",
    );
    next();
    return;
  }
  const signedOut = request.headers.cookie?.includes('signedout=1');
  const { status, body } = signedOut
    ? { status: 401, body: { title: 'Not signed in', status: 401 } }
    : fixtureAnswer(url.pathname, url.searchParams);
  response.statusCode = status;
  response.setHeader('Content-Type', status < 400 ? 'application/json' : 'application/problem+json');
  response.end(JSON.stringify(body));
};

/** Serves the built bundle over fixtures: npx vite preview --config test/fixture.config.ts */
export default defineConfig({
  build: { outDir: 'dist/app' },
  preview: { port: 4319, strictPort: true, host: '127.0.0.1' },
  plugins: [{ name: 'fixture-api', configurePreviewServer: (server) => void server.middlewares.use(answer) }],
});
