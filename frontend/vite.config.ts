import react from '@vitejs/plugin-react';
import { compiledTexts } from './scripts/compiledTexts';
import { defineConfig } from 'vitest/config';

// The bundle goes into dist/app; dist/index.html is the committed placeholder
// that a Go build without Node serves instead.
export default defineConfig({
  plugins: [react(), compiledTexts()],
  base: '/',
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    cssCodeSplit: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/signin': 'http://127.0.0.1:8080' } },
  test: {
    environment: 'jsdom',
    setupFiles: ['./test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { include: ['src/**/*.{ts,tsx}'], reporter: ['text-summary', 'text'] },
  },
});
