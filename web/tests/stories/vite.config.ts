import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { pdfjs } from '../../tools/pdfjs.ts';
import { words } from '../../tools/words.ts';

// The stories are built beside the page, never into it.
export default defineConfig({
    root: import.meta.dirname,
    base: '/',
    publicDir: resolve(import.meta.dirname, '../../public'),
    plugins: [words(), pdfjs()],
    build: {
        outDir: resolve(import.meta.dirname, '../../test-results/stories-build'),
        emptyOutDir: true,
        assetsInlineLimit: 0,
        target: ['chrome105', 'firefox115', 'safari16.4'],
        rollupOptions: { input: resolve(import.meta.dirname, 'story.html') },
    },
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
});
