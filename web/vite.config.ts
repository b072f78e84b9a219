import { defineConfig, type Plugin } from 'vite';
import { BASELINE } from './src/media/baseline.ts';
import { sharedChunk } from './tools/chunks.ts';
import { compress } from './tools/compress.ts';
import { pdfjs } from './tools/pdfjs.ts';
import { startSections, startSheet } from './tools/start.ts';
import { words } from './tools/words.ts';

const LANGUAGES = ['ar', 'zh', 'en', 'fr', 'ru', 'es'];
// Every name stands in the entrance's script, where its hash cannot be made smaller: 36 bits tell one build's file from another's.
const NAMED = 'assets/[name]-[hash:7]';
// Where index.html has room for what start.ts makes.
const SHEETS = '<!-- start: sheets -->';
const WORDS = '<!-- start: words -->';

// index.LANGUAGE.html beside index.html: the server gives it to a browser that prefers the language, so that its catalogue is fetched beside
// the script and not behind it. For a reader far away that is two round trips. Each of them holds the words for a page that does not begin.
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
                const emitSheet = (name: 'start.css' | 'no-script.css'): string =>
                    this.getFileName(this.emitFile({ type: 'asset', name, source: startSheet(name) }));
                const sheets =
                    `<link rel="stylesheet" href="./${emitSheet('start.css')}" />\n    ` +
                    `<noscript><link rel="stylesheet" href="./${emitSheet('no-script.css')}" /></noscript>`;
                const withStart = (language: string): string =>
                    template.replace(SHEETS, sheets).replace(WORDS, startSections(language));
                const template = String(page.source);
                page.source = withStart('en');
                for (const language of LANGUAGES) {
                    const catalogue = Object.values(bundle).find(
                        (one) =>
                            one.type === 'chunk' &&
                            one.facadeModuleId?.endsWith(`/words/entrance.json?language=${language}`),
                    );
                    if (catalogue === undefined) {
                        throw new Error(`there is no catalogue of ${language}`);
                    }
                    const source = withStart(language)
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
    plugins: [words(), languagePages(), pdfjs(), compress()],
    // The server sends a strict Content-Security-Policy: no inline scripts or styles, no data: addresses.
    build: {
        outDir: 'dist',
        assetsDir: 'assets',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        target: [`chrome${BASELINE.chromium}`, `firefox${BASELINE.firefox}`, `safari${BASELINE.safari}`],
        sourcemap: false,
        reportCompressedSize: true,
        rollupOptions: {
            output: {
                manualChunks: sharedChunk,
                onlyExplicitManualChunks: true,
                hashCharacters: 'base36',
                chunkFileNames: `${NAMED}.js`,
                assetFileNames: `${NAMED}[extname]`,
            },
        },
    },
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
});
