# Shared by the generate.R of the cases: fits a model with lavaan and writes everything our tests compare.
# Used with R 4.2.2, lavaan 0.6-14, semTools 0.5-6.
suppressMessages({library(lavaan); library(semTools)})

# 15 significant digits
out <- function(x, file, ...) write.csv(x, file, row.names = FALSE, na = "", ...)

fitted_by_lavaan <- function(model, data) {
  # the optimiser's defaults: nlminb gets no nearer with tighter ones, its optimum is right to about 1e-5
  fit <- sem(model, data, estimator = "ML", likelihood = "normal", information = "expected")
  stopifnot(lavInspect(fit, "converged"))
  fit
}

write_fit <- function(model, data, folder = ".") {
  dir.create(folder, showWarnings = FALSE)
  at <- function(name) file.path(folder, name)
  writeLines(model, at("model.txt"))
  fit <- fitted_by_lavaan(model, data)
  out(parTable(fit)[, c("lhs", "op", "rhs", "user", "free", "exo", "label", "est", "se")], at("table.csv"))
  out(parameterEstimates(fit, standardized = TRUE, rsquare = TRUE), at("estimates.csv"))
  out(standardizedSolution(fit), at("standardized.csv"))
  m <- fitMeasures(fit)
  out(data.frame(name = names(m), value = as.numeric(m)), at("fit.csv"))
  square <- function(x, file) out(cbind(variable = rownames(x), as.data.frame(unclass(x))), at(file))
  square(fitted(fit)$cov, "implied.csv")
  square(resid(fit, type = "cor")$cov, "residual_correlations.csv")
  if (length(lavNames(fit, "lv"))) {
    square(lavInspect(fit, "cov.lv"), "latent_covariance.csv")
    # not cor.lv: of a single factor lavaan 0.6-14 returns the variance
    square(cov2cor(lavInspect(fit, "cov.lv")), "latent_correlation.csv")
  }
  invisible(fit)
}

# reliability of the factors measured by items, and HTMT of their blocks; semTools leaves single items out
write_measurement <- function(fit, blocks, data, folder = ".") {
  at <- function(name) file.path(folder, name)
  quiet <- function(x) suppressMessages(suppressWarnings(x))
  r <- quiet(reliability(fit))
  out(cbind(what = rownames(r), as.data.frame(r)), at("reliability.csv"))
  composite <- quiet(compRelSEM(fit))
  out(data.frame(construct = names(composite), composite_reliability = as.numeric(composite)), at("comprel.csv"))
  ave <- quiet(AVE(fit))
  out(data.frame(construct = names(ave), ave = as.numeric(ave)), at("ave.csv"))
  h <- htmt(blocks, na.omit(data[, lavNames(lavaanify(blocks), "ov")]), htmt2 = FALSE)
  h <- as.matrix(h); h[upper.tri(h)] <- t(h)[upper.tri(h)]
  out(cbind(construct = rownames(h), as.data.frame(h)), at("htmt.csv"))
}
