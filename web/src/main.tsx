import { render } from 'preact';
import { beginLanguage } from './i18n/index.ts';
import { start } from './live/actions.ts';
import './live/diagnostics.ts';
import './styles/adopt.ts';
import { bringTypefaces } from './styles/typefaces.ts';
import { App } from './views/App.tsx';

const page = document.getElementById('page');
if (page !== null) {
    // Words and session are asked for at once, before anything is drawn.
    start();
    const words = beginLanguage();
    render(<App words={words} />, page);
    bringTypefaces();
}
