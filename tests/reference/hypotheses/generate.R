# Makes data.csv and the reference numbers of this folder. Run inside this folder: Rscript generate.R
# Everything by lavaan and base R: mediation, partial correlation, nested tests, gains in R2, a latent product, Holm.
suppressMessages(library(lavaan))
set.seed(20121105)
n <- 420
jq <- rnorm(n)
dims <- sapply(c(.75, .65, .70, .60), function(l) l * jq + sqrt(1 - l^2) * rnorm(n))
contact <- pmin(100, pmax(0, round(65 + 22 * rnorm(n))))
z <- (contact - mean(contact)) / sqrt(mean((contact - mean(contact))^2))
sat <- .55 * jq + .20 * dims[, 3] + .22 * dims[, 3] * z + .65 * rnorm(n)
com <- .35 * jq + .35 * sat + .20 * dims[, 4] + .65 * rnorm(n)
tin <- -.40 * sat - .30 * com + .7 * rnorm(n)
factors <- cbind(dims, sat, com, tin)
codes <- c("DA", "DB", "DC", "DD", "SAT", "COM", "TIN")
loading <- c(.85, .75, .65)
data <- as.data.frame(lapply(1:21, function(k) {
  l <- loading[(k - 1) %% 3 + 1]
  round(3.3 + .9 * (l * factors[, (k - 1) %/% 3 + 1] + sqrt(1 - l^2) * rnorm(n)), 3) }))
colnames(data) <- paste0(rep(codes, each = 3), 1:3)
data$contact <- contact
write.csv(data, "data.csv", row.names = FALSE)
out <- function(x, file) write.csv(format(x, digits = 15), file, row.names = FALSE, quote = FALSE)
# the optimiser's defaults, started once more from its own optimum
fitted <- function(model, data, ...) sem(model, data, start = sem(model, data, ...), ...)
measure <- paste(sapply(codes, function(c) paste0(c, " =~ ", paste0(c, 1:3, collapse = " + "))), collapse = "\n")

# --- mediation: effects, the test of the direct path, the partial correlation
higher <- paste0(measure, "\nJQ =~ DA + DB + DC + DD\nSAT ~ a*JQ\nCOM ~ b*SAT + c*JQ\n")
effects <- "
COM_indirect := a*b
COM_total := c + a*b
TIN_SAT := a*d
TIN_COM := c*e
TIN_SAT_COM := a*b*e
TIN_indirect := a*d + c*e + a*b*e
TIN_total := f + a*d + c*e + a*b*e\n"
partial <- fitted(paste0(higher, "TIN ~ d*SAT + e*COM + f*JQ\n", effects), data)
full <- fitted(paste0(higher, "TIN ~ d*SAT + e*COM\n"), data)
s <- standardizedSolution(partial)
out(s[s$op == ":=" | s$op == "~", c("lhs", "op", "rhs", "est.std", "se", "z", "pvalue", "ci.lower", "ci.upper")], "effects.csv")
nested <- function(small, large, name) {
  t <- lavTestLRT(large, small)
  data.frame(what = name, difference = t[2, "Chisq diff"], df = t[2, "Df diff"], pvalue = t[2, "Pr(>Chisq)"]) }
R <- cov2cor(lavInspect(partial, "cov.lv"))[c("JQ", "TIN", "SAT", "COM"), c("JQ", "TIN", "SAT", "COM")]
# residual correlation of the two regressions, not the inverse that the package uses
given <- R[1:2, 1:2] - R[1:2, 3:4] %*% solve(R[3:4, 3:4]) %*% R[3:4, 1:2]
values <- data.frame(what = "partial_correlation", value = given[1, 2] / sqrt(given[1, 1] * given[2, 2]))

# --- what DC and DD add in the direct model
direct <- paste0(measure, "\nSAT ~ DA + DB + %sDC + %sDD\nCOM ~ SAT + DA + DB + %sDC + %sDD\nTIN ~ SAT + COM\n")
fill <- function(x, y) fitted(sprintf(direct, x, x, y, y), data)
large <- fill("", "")
tests <- rbind(nested(full, partial, "direct_path"), nested(fill("0*", "0*"), large, "both"),
               nested(fill("0*", ""), large, "SAT"), nested(fill("", "0*"), large, "COM"))
out(tests, "tests.csv")
R <- cov2cor(lavInspect(large, "cov.lv"))
r2 <- function(y, x) sum(solve(R[x, x], R[x, y]) * R[x, y])
inner <- c("DA", "DB"); all <- c(inner, "DC", "DD")
values <- rbind(values, data.frame(
  what = c("SAT_without", "SAT_within", "COM_without", "COM_within"),
  value = c(r2("SAT", inner), r2("SAT", all), r2("COM", c("SAT", inner)), r2("COM", c("SAT", all)))))

# --- moderation: product indicators, centred twice
centred <- function(x) x - mean(x)
p <- data.frame(lapply(data[, c("DC1", "DC2", "DC3", "SAT1", "SAT2", "SAT3", "contact")], centred))
p$contact <- p$contact / sqrt(mean(p$contact^2))
for (k in 1:3) p[[paste0("DC", k, "_x")]] <- centred(p[[paste0("DC", k)]] * p$contact)
product <- "DC =~ DC1 + DC2 + DC3\nSAT =~ SAT1 + SAT2 + SAT3\nCONTACT =~ contact\nPRODUCT =~ DC1_x + DC2_x + DC3_x
SAT ~ DC + CONTACT + PRODUCT\nDC1 ~~ DC1_x\nDC2 ~~ DC2_x\nDC3 ~~ DC3_x\n"
fit <- fitted(product, p, estimator = "MLR")
lv <- c("DC", "SAT", "CONTACT", "PRODUCT")
slopes <- function(x) {
  m <- lav_model_set_parameters(fit@Model, x)
  glist <- m@GLIST
  B <- glist$beta; V <- solve(diag(nrow(B)) - B) %*% glist$psi %*% t(solve(diag(nrow(B)) - B))
  sd <- sqrt(diag(V)); i <- match(lv, lavNames(fit, "lv"))
  b <- B[i[2], i[1]] * sd[i[1]] / sd[i[2]]
  x <- B[i[2], i[4]] * sd[i[1]] * sd[i[3]] / sd[i[2]]
  c(x, b - x, b, b + x, B[i[2], i[3]] * sd[i[3]] / sd[i[2]]) }
est <- slopes(coef(fit))
J <- sapply(seq_along(coef(fit)), function(k) {   # central differences, Richardson's first step
  d <- function(h) { up <- down <- coef(fit); up[k] <- up[k] + h; down[k] <- down[k] - h
                     (slopes(up) - slopes(down)) / (2 * h) }
  (4 * d(1e-4) - d(2e-4)) / 3 })
se <- sqrt(diag(J %*% vcov(fit) %*% t(J)))
out(data.frame(what = c("product", "low", "mean", "high", "own"), estimate = est, se = se), "moderation.csv")

# --- least squares on scores with HC3, by its formula
y <- rowMeans(data[, c("SAT1", "SAT2", "SAT3")]); x <- rowMeans(data[, c("DC1", "DC2", "DC3")])
std <- function(v) (v - mean(v)) / sqrt(mean((v - mean(v))^2))
X <- cbind(1, std(x), std(data$contact), std(x) * std(data$contact)); Y <- std(y)
bread <- solve(crossprod(X)); b <- drop(bread %*% crossprod(X, Y)); e <- drop(Y - X %*% b)
h <- rowSums((X %*% bread) * X)
V <- bread %*% crossprod(X * (e / (1 - h))) %*% bread
values <- rbind(values, data.frame(what = c("scores_product", "scores_product_se"), value = c(b[4], sqrt(V[4, 4]))))
pv <- c(.0001, .0137, .2176, .0079, .7553, .0909, .2899)
values <- rbind(values, data.frame(what = paste0("holm_", seq_along(pv)), value = p.adjust(pv, "holm")))
out(values, "values.csv")
