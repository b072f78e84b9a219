import { defineConfig, type Plugin } from 'vite';
import { sharedChunk } from './tools/chunks.ts';
import { compress } from './tools/compress.ts';
import { words } from './tools/words.ts';

const LANGUAGES = ['ar', 'zh', 'en', 'fr', 'ru', 'es'];

// index.LANGUAGE.html beside index.html: the server gives it to a browser that prefers the language, so that its catalogue is fetched beside
// the script and not behind it. For a reader far away that is two round trips.
function languagePages(): Plugin {
    return {
        name: 'language-pages',
        apply: 'build',
        generateBundle: {
            order: 'post',
            handler(_options, bundle) {
                const page = bundle['index.html'];
                if (page?.type !== 'asset') {
                    throw new Error('there is no index.html to make the language pages of');
                }
                for (const language of LANGUAGES) {
                    const catalogue = Object.values(bundle).find(
                        (one) =>
                            one.type === 'chunk' &&
                            one.facadeModuleId?.endsWith(`/words/entrance.json?language=${language}`),
                    );
                    if (catalogue === undefined) {
                        throw new Error(`there is no catalogue of ${language}`);
                    }
                    const source = String(page.source)
                        .replace(
                            '<html lang="en" dir="ltr">',
                            `<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`,
                        )
                        .replace(
                            '</head>',
                            `  <link rel="modulepreload" crossorigin href="./${catalogue.fileName}" />\n  </head>`,
                        );
                    this.emitFile({ type: 'asset', fileName: `index.${language}.html`, source });
                }
            },
        },
    };
}

export default defineConfig({
    // Relative: where the server stands on its host is its own affair. It puts the pages in their place (src/http/static_files.c).
    base: './',
    plugins: [words(), languagePages(), compress()],
    // The server sends a strict Content-Security-Policy: no inline scripts or styles, no data: addresses.
    build: {
        outDir: 'dist',
        assetsDir: 'assets',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        target: ['chrome105', 'firefox115', 'safari16.4'],
        sourcemap: false,
        reportCompressedSize: true,
        rollupOptions: { output: { manualChunks: sharedChunk, onlyExplicitManualChunks: true } },
    },
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
});
