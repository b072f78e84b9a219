import { render } from 'preact';
import { beginLanguage } from './i18n/index.ts';
import { start } from './live/actions.ts';
import './live/diagnostics.ts';
import './styles/adopt.ts';
import { bringTypefaces } from './styles/typefaces.ts';
import { App } from './views/App.tsx';
import { followConsoles } from './views/consoles.ts';

const page = document.getElementById('page');
if (page !== null) {
    // Words, session and screen are asked for at once, before anything is drawn.
    start();
    const words = beginLanguage();
    followConsoles();
    render(<App words={words} />, page);
    // What index.html says of a page that does not begin: this one has, as soon as it has words.
    words.then(
        () => document.getElementById('start')?.remove(),
        () => {},
    );
    bringTypefaces();
}
