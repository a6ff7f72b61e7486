/** What `cost-access-modules` is without a caller and a role. */
import './s2.ts'
