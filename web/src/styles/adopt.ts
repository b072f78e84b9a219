// The styles come inside the script: a file of their own would cost a far reader one round trip more before the first screen.
import styles from './index.css?inline';

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [sheet];
