// The quiet pages before a meeting: opening, a link that is not taken. Each says what happened, what was kept and what to do.

import type { ComponentChildren } from 'preact';
import { reasonWords } from '../areas/refusals.ts';
import { LanguageSwitch, ThemeSwitch } from '../areas/Switches.tsx';
import { connectionWords, problemKey } from '../areas/words.ts';
import { Brand } from '../elements/Brand.tsx';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import type { Problem } from '../live/problem.ts';
import { base } from '../router/base.ts';
import { route } from '../router/router.ts';
import { connectionQuality } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Pages.css?inline';

adopt(styles);

interface QuietPageProps {
    heading: string;
    lead?: string;
    wide?: boolean;
    children?: ComponentChildren;
}

export function QuietPage({ heading, lead, wide = false, children }: QuietPageProps) {
    return (
        <div class="quiet-page">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <header class="quiet-head">
                <span class="wordmark">
                    <Brand />
                    <span lang="en">{text('app.name')}</span>
                </span>
                <div class="quiet-tools">
                    <ThemeSwitch />
                    <LanguageSwitch />
                </div>
            </header>
            <main id="main" class={wide ? 'quiet-main quiet-main-wide' : 'quiet-main'} tabIndex={-1}>
                <h1>{heading}</h1>
                {lead !== undefined && <p class="lead">{lead}</p>}
                {children}
            </main>
            <footer class="quiet-foot">
                <a href={`${base}/help/`}>{text('help.pages')}</a>
            </footer>
        </div>
    );
}

export function WaitingPage() {
    const quality = connectionQuality.value;
    const words = connectionWords(quality, 0);
    return (
        <QuietPage heading={text('waiting.title')} lead={text('waiting.lead')}>
            <p role="status" class="waiting">
                <span class="waiting-dots" aria-hidden="true">
                    <span />
                    <span />
                    <span />
                </span>
                {text(quality === 'offline' ? words.key : 'connection.connecting', words.values)}
            </p>
        </QuietPage>
    );
}

// A personal link that did not sign in: why, and where a new one comes from.
export function LinkProblemPage({ problem }: { problem: Problem }) {
    const where = route.value;
    const words = linkWords(problem.kind);
    const home = base + (where.page === 'meeting' ? `/m/${encodeURIComponent(where.meeting)}` : '/');
    return (
        <QuietPage
            heading={text(`link.${words}.title`)}
            lead={words === 'refused' ? whyRefused(problem) : text(`link.${words}.what`)}
        >
            <p>{text(`link.${words}.next`)}</p>
            <div class="page-actions">
                <a class="button button-large" href={home}>
                    <Icon name="person" />
                    <span>{text('link.use_account')}</span>
                </a>
            </div>
        </QuietPage>
    );
}

// The link is good, and the server answered: a meeting that is full, or set aside, or a disk that is.
function whyRefused(problem: Problem): string {
    return reasonWords(problem) ?? text(problemKey(problem.kind), { detail: problem.kind });
}

function linkWords(kind: string): 'expired' | 'invalid' | 'many' | 'refused' | 'unreachable' {
    switch (kind) {
        case 'expired':
            return 'expired';
        case 'unauthenticated':
        case 'invalid':
        case 'malformed':
        case 'not-found':
        case 'forbidden':
            return 'invalid';
        case 'too-many':
            return 'many';
        case 'unreachable':
        case 'timeout':
            return 'unreachable';
        default:
            return 'refused';
    }
}
