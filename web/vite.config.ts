import { defineConfig } from 'vite';

export default defineConfig({
    base: '/',
    // The server sends a strict Content-Security-Policy: no inline scripts or styles, no data: addresses.
    build: {
        outDir: 'dist',
        assetsDir: 'assets',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        target: ['chrome105', 'firefox115', 'safari16.4'],
        sourcemap: false,
        reportCompressedSize: true,
    },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
