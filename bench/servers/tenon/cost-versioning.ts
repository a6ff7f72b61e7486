/** What `cost-versioning-modules` is without versions. */
import './s2.ts'
