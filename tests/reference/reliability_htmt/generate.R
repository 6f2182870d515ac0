# Makes data.csv and the reference numbers of this folder. Run inside this folder: Rscript generate.R
suppressMessages({library(lavaan); library(semTools)})
set.seed(20120318)
n <- 260
f <- matrix(rnorm(n * 3), n) %*% chol(matrix(c(1, .55, -.45, .55, 1, -.35, -.45, -.35, 1), 3))
loading <- c(.82, .71, .64, .77, .85, .62, .58, .80, .74, .66)
owner <- c(1, 1, 1, 1, 2, 2, 2, 3, 3, 3)
e <- matrix(rnorm(n * 10), n)
e[, 4] <- .5 * e[, 3] + sqrt(.75) * e[, 4]
y <- sweep(f[, owner], 2, loading, "*") + sweep(e, 2, sqrt(1 - loading^2), "*")
answers <- apply(sweep(y, 2, c(.3, .2, 0, -.1, .5, .4, .1, -.4, -.6, -.3), "+"), 2,
                 function(v) as.integer(cut(v, c(-Inf, -1.4, -.6, .2, 1.1, Inf))))
colnames(answers) <- c("A1", "A2", "A3", "A4", "B1", "B2", "B3", "C1", "C2", "C3")
data <- as.data.frame(answers)
data$D1 <- as.integer(cut(.6 * f[, 1] + .8 * rnorm(n), c(-Inf, -1, -.3, .4, 1.2, Inf)))
for (name in colnames(data)) data[sample(n, 6), name] <- NA
write.csv(data, "data.csv", row.names = FALSE, na = "")

model <- "A =~ A1 + A2 + A3 + A4
B =~ B1 + B2 + B3
C =~ C1 + C2 + C3
A3 ~~ A4"
writeLines(model, "model.txt")
fit <- cfa(model, data)
out <- function(x, file) write.csv(format(as.data.frame(x), digits = 15), file, quote = FALSE)
out(suppressWarnings(reliability(fit)), "reliability.csv")
out(rbind(obs_var = compRelSEM(fit), implied = compRelSEM(fit, obs.var = FALSE)), "comprelsem.csv")
std <- standardizedSolution(fit)
load <- std[std$op == "=~", ]
out(data.frame(ave_standardised = tapply(load$est.std^2, load$lhs, mean),
               composite = tapply(load$est.std, load$lhs, function(l) sum(l)^2 / (sum(l)^2 + sum(1 - l^2)))),
    "fornell_larcker.csv")
out(lavInspect(fit, "cor.lv"), "latent_correlation.csv")
blocks <- "A =~ A1 + A2 + A3 + A4
B =~ B1 + B2 + B3
C =~ C1 + C2 + C3"
complete <- na.omit(data[, 1:10])
out(unclass(htmt(blocks, complete, htmt2 = FALSE)), "htmt.csv")
out(unclass(htmt(blocks, complete, htmt2 = TRUE)), "htmt2.csv")

item <- function(name, block) {
  x <- data[[name]]; given <- x[!is.na(x)]
  mates <- na.omit(data[, block])
  rest <- if (length(block) > 1) cor(mates[[name]], rowSums(mates[, setdiff(block, name), drop = FALSE])) else NA
  drop <- if (length(block) > 1) psych::alpha(mates, check.keys = FALSE, warnings = FALSE)$item.stats[name, "r.drop"] else NA
  c(n = length(given), mean = mean(given), sd = sd(given), skew = e1071::skewness(given, type = 2),
    floor_share = mean(given == 1), ceiling_share = mean(given == 5), item_rest = rest, r_drop = drop)
}
block <- list(A = colnames(data)[1:4], B = colnames(data)[5:7], C = colnames(data)[8:10], D = "D1")
rows <- do.call(rbind, unlist(lapply(names(block), function(b) lapply(block[[b]], item, block[[b]])), FALSE))
rownames(rows) <- colnames(data)
out(rows, "items.csv")
score <- sapply(block, function(b) {
  x <- data[, b, drop = FALSE]; ifelse(rowSums(!is.na(x)) * 2 >= length(b), rowMeans(x, na.rm = TRUE), NA) })
tt <- t(apply(score, 2, function(s) { k <- t.test(s); c(n = sum(!is.na(s)), mean = mean(s, na.rm = TRUE),
  sd = sd(s, na.rm = TRUE), ci_low = k$conf.int[1], ci_high = k$conf.int[2]) }))
out(tt, "summary.csv")
out(cor(score, use = "pairwise.complete.obs"), "score_correlations.csv")
