import { render } from 'preact';
import { start } from './live/actions.ts';
import './live/diagnostics.ts';
import './styles/index.css';
import { App } from './views/App.tsx';

const page = document.getElementById('page');
if (page !== null) {
    start();
    render(<App />, page);
}
