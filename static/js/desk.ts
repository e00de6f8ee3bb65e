// What runs on agents' pages.
import './before-turbo';
import '@hotwired/turbo';
