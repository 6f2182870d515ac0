# Makes the data and the reference numbers of this folder. Run inside this folder: Rscript generate.R
suppressMessages(library(lavaan))
out <- function(x, file) write.csv(x, file, row.names = FALSE, quote = FALSE, na = "")
set.seed(20260611)

# two factors of four items, skewed residuals; missing at random (depends on a1) and completely at random
n <- 400
f <- rnorm(n); g <- .5 * f + sqrt(.75) * rnorm(n)
loading <- c(.8, .7, .75, .6)
items <- cbind(outer(f, loading), outer(g, loading)) + sapply(rep(sqrt(1 - loading^2), 2), function(s) s * (rexp(n) - 1))
data <- as.data.frame(round(3 + .9 * items, 2))
names(data) <- c(paste0("a", 1:4), paste0("b", 1:4))
late <- data$a1 > 3.6 & runif(n) < .5
data[late, c("b2", "b3", "b4")] <- NA
for (x in names(data)[-1]) data[runif(n) < .08, x] <- NA
data$w <- round(runif(n, .4, 1.6), 2)
data$cluster <- rep(1:50, each = 8)
out(data, "data.csv")

# planned missingness: everyone answers two of four blocks of seven items
items <- paste0("i", 1:28)
common <- rnorm(900)
planned <- as.data.frame(round(sapply(items, function(i) .6 * common + .8 * rnorm(900)), 1))
for (i in 1:900) planned[i, rep(combn(4, 2)[, (i - 1) %% 6 + 1], each = 7) * 7 - 0:6] <- NA
out(planned, "planned.csv")

model <- "f =~ a1 + a2 + a3 + a4\ng =~ b1 + b2 + b3 + b4"
writeLines(model, "model.txt")
# the default tolerance of lavaan's EM, 1e-5, is too wide for a comparison
fitted <- function(model, data, ...) cfa(model, data, missing = "ml", em.h1.tol = 1e-10, em.h1.iter.max = 5000L, ...)

fit <- fitted(model, data, information = "observed")
expected <- fitted(model, data, information = "expected")
free <- parTable(fit)$free
rows <- parTable(fit)[free > 0, c("lhs", "op", "rhs", "est")]
out(cbind(rows, se_observed = sqrt(diag(vcov(fit))), se_expected = sqrt(diag(vcov(expected)))), "estimates.csv")
out(as.data.frame(vcov(fit)), "vcov_observed.csv")
out(as.data.frame(vcov(expected)), "vcov_expected.csv")
scores <- lavScores(fit)
out(as.data.frame(scores[1:40, ]), "scores.csv")

h1 <- lavInspect(fit, "sampstat")
out(data.frame(variable = names(h1$mean), mean = as.numeric(h1$mean), unclass(h1$cov)), "moments.csv")
at <- fitted(model, data, h1.information = "unstructured")
for (kind in c("observed", "expected", "first.order"))
  out(as.data.frame(unclass(lavInspect(at, paste0("h1.information.", kind)))), paste0("moments_", kind, ".csv"))

robust <- fitted(model, data, estimator = "MLR")
weighted <- fitted(model, data, estimator = "MLR", sampling.weights = "w")
clustered <- fitted(model, data, estimator = "MLR", cluster = "cluster")
one <- paste("f =~", paste(items, collapse = " + "))
planned_fit <- fitted(one, planned, estimator = "MLR")
exogenous <- fitted(paste0(model, "\nf ~ w\ng ~ f + w"), data, estimator = "MLR")
kept <- c("npar", "df", "chisq", "logl", "unrestricted.logl", "scaling.factor.h1", "scaling.factor.h0", "chisq.scaling.factor")
fits <- list(plain = robust, weighted = weighted, clustered = clustered, exogenous = exogenous, planned = planned_fit)
out(data.frame(measure = kept, lapply(fits, function(x) as.numeric(fitMeasures(x)[kept]))), "fit.csv")
h1 <- lavInspect(planned_fit, "sampstat")
out(data.frame(variable = names(h1$mean), mean = as.numeric(h1$mean), unclass(h1$cov)), "planned_moments.csv")
