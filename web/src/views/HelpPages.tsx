// The help of the page: one page for everybody, one for each role, in the reader's language. Reachable without signing in.

import { useEffect, useState } from 'preact/hooks';
import { type HelpCatalogue, loadHelp, TOPICS, type Topic, topicOf } from '../help/index.ts';
import { pageLanguage, text } from '../i18n/index.ts';
import { base } from '../router/base.ts';
import { navigate, route } from '../router/router.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './HelpPages.css?inline';
import { QuietPage } from './Pages.tsx';

adopt(styles);

export function HelpPages() {
    const where = route.value;
    const topic = topicOf(where.page === 'help' ? where.role : '');
    const [catalogue, setCatalogue] = useState<HelpCatalogue | null>(null);
    const [failed, setFailed] = useState(false);
    const language = pageLanguage.value;
    useEffect(() => {
        let wanted = true;
        setFailed(false);
        loadHelp(language).then(
            (pages) => wanted && setCatalogue(pages),
            () => wanted && setFailed(true),
        );
        return () => {
            wanted = false;
        };
    }, [language]);
    const page = catalogue?.[topic];
    return (
        <QuietPage heading={page?.title ?? text('help.pages')} lead={page?.lead ?? ''} wide>
            <div class="help">
                <nav class="help-topics" aria-label={text('help.topics')}>
                    <ul>
                        {TOPICS.map((one) => (
                            <li key={one}>
                                <a
                                    href={`${base}/help/${one}`}
                                    aria-current={one === topic ? 'page' : undefined}
                                    onClick={(event) => {
                                        event.preventDefault();
                                        navigate(`/help/${one}`);
                                    }}
                                >
                                    {topicName(one)}
                                </a>
                            </li>
                        ))}
                    </ul>
                </nav>
                <article class="help-page">
                    {failed && <p role="alert">{text('help.failed')}</p>}
                    {page?.sections.map((section) => (
                        <section key={section.heading}>
                            <h2>{section.heading}</h2>
                            {section.lines.map((line) => (
                                <p key={line}>{line}</p>
                            ))}
                        </section>
                    ))}
                </article>
            </div>
        </QuietPage>
    );
}

function topicName(topic: Topic): string {
    return topic === 'everybody' ? text('help.everybody') : text(`capacity.${topic}`);
}
