// Noto Sans and Noto Sans Arabic, served from here, in slices that the browser fetches when a character needs one.
import './fonts.css';
